import json
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from djamms.exchange.candidates_repository import MOST_BY_TITLE
from djamms.models.user import User
from tests.functional.playlists.test_playlists import titles
from tests.support.api import Client
from tests.support.factories import make_track

M3U8 = """#EXTM3U
#PLAYLIST:Friday
#EXTINF:643,John Coltrane - Blue Train
C:\\Users\\me\\Music\\Blue Train\\01.flac
#EXTINF:200,Nobody - Elsewhere
else.mp3
#EXTINF:643,John Coltrane - Blue Train (Live)
live.mp3
#EXTINF:301,John Coltrane - Lazy Bird
lazy.mp3
"""


@pytest.fixture
def library(session: Session) -> dict[str, str]:
    blue = make_track(session, "Blue Train")
    lazy = make_track(session, "Lazy Bird", duration_seconds=302)
    make_track(session, "Locomotion", duration_seconds=434)
    return {"blue": str(blue.id), "lazy": str(lazy.id)}


def send(client: Client, text: str = M3U8, **words: Any) -> Any:
    reply = client.post("/api/playlists/import", {"text": text, **words})
    assert reply.status == 201, reply.text
    return reply.json()


def report(client: Client, playlist_id: str, query: str = "") -> Any:
    return client.get(f"/api/playlists/{playlist_id}/import-report{query}").json()


def decide(client: Client, playlist_id: str, *decisions: dict[str, Any]) -> Any:
    url = f"/api/playlists/{playlist_id}/import-report/decisions"
    return client.post(url, {"decisions": decisions})


def test_makes_a_playlist_and_says_what_became_of_each_row(
    as_user: Client, library: dict[str, str]
) -> None:
    made = send(as_user)

    counts = {name: made["report"][name] for name in ("rows", "matched", "doubtful", "missing")}
    assert counts == {"rows": 4, "matched": 2, "doubtful": 1, "missing": 1}
    assert (made["playlist"]["name"], made["playlist"]["trackCount"]) == ("Friday", 2)
    assert titles(as_user, UUID(made["playlist"]["id"])) == ["Blue Train", "Lazy Bird"]

    rows = report(as_user, made["playlist"]["id"])["rows"]
    assert [row["state"] for row in rows] == ["matched", "missing", "doubtful", "matched"]
    assert rows[0]["track"]["id"] == library["blue"]
    assert rows[0]["location"] == "Blue Train/01.flac"
    assert rows[2]["candidates"][0]["doubts"] == ["version"]
    assert rows[2]["candidates"][0]["track"]["id"] == library["blue"]


def test_a_form_brings_a_file_as_it_is(as_user: Client, library: dict[str, str]) -> None:
    content = M3U8.replace("Friday", "Caf\u00e9")
    body = (
        '--edge\r\nContent-Disposition: form-data; name="file"; filename="list.m3u"\r\n'
        f"Content-Type: audio/x-mpegurl\r\n\r\n{content}\r\n"
        '--edge\r\nContent-Disposition: form-data; name="isPublic"\r\n\r\ntrue\r\n--edge--\r\n'
    )
    kind = {"Content-Type": "multipart/form-data; boundary=edge"}

    reply = as_user.send("POST", "/api/playlists/import", body=body, headers=kind)

    assert reply.status == 201, reply.text
    assert reply.json()["playlist"]["name"] == "Caf\u00e9"
    assert reply.json()["playlist"]["isPublic"] is True
    assert reply.json()["report"]["filename"] == "list.m3u"
    assert reply.headers["location"].endswith(reply.json()["playlist"]["id"])


@pytest.mark.parametrize("charset", ["undefined", "utf-16", "no-such"])
def test_a_form_is_utf_8(as_user: Client, charset: str) -> None:
    body = (
        '--a\r\nContent-Disposition: form-data; name="file"; filename="x.csv"\r\n\r\n'
        "title\nx\r\n--a--\r\n"
    )
    kind = {"Content-Type": f"multipart/form-data; charset={charset}; boundary=a"}

    reply = as_user.send("POST", "/api/playlists/import", body=body, headers=kind)

    assert reply.status == 422


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": ""},
        {"text": "  \n "},
        {"text": "#EXTM3U\n"},
        {"text": "{", "format": "json"},
        {"text": "<a/>", "format": "xspf"},
        {"text": "x", "format": "doc"},
        {"text": "x", "color": "red"},
        {"text": "a\n" * 10_001},
    ],
)
def test_refuses_what_is_no_playlist(as_user: Client, body: dict[str, Any]) -> None:
    before = len(as_user.get("/api/playlists").json())

    reply = as_user.post("/api/playlists/import", body)

    assert reply.status == 422
    assert len(as_user.get("/api/playlists").json()) == before


def test_only_who_may_edit_sees_the_report_and_decides(
    as_user: Client, as_other: Client, anonymous: Client, library: dict[str, str]
) -> None:
    made = send(as_user, isPublic=True)["playlist"]["id"]
    row = report(as_user, made)["rows"][1]["id"]
    never = {"rowId": row, "decision": "never"}

    assert as_other.get(f"/api/playlists/{made}/import-report").status == 403
    assert anonymous.get(f"/api/playlists/{made}/import-report").status == 401
    assert decide(as_other, made, never).status == 403
    private = send(as_user)["playlist"]["id"]
    assert as_other.get(f"/api/playlists/{private}/import-report").status == 404
    assert as_other.get(f"/api/playlists/{private}/export").status == 404


def test_a_playlist_made_by_hand_has_no_report(as_user: Client) -> None:
    made = as_user.post("/api/playlists", {"name": "By hand"}).json()["id"]

    assert as_user.get(f"/api/playlists/{made}/import-report").status == 404


def test_the_report_comes_by_state_and_page(as_user: Client, library: dict[str, str]) -> None:
    made = send(as_user)["playlist"]["id"]

    matched = report(as_user, made, "?state=matched&limit=1&page=2")

    assert (matched["total"], [row["number"] for row in matched["rows"]]) == (2, [4])


def test_an_accepted_track_takes_the_place_of_its_row(
    as_user: Client, library: dict[str, str]
) -> None:
    made = send(as_user)["playlist"]["id"]
    rows = report(as_user, made)["rows"]

    reply = decide(
        as_user,
        made,
        {"rowId": rows[2]["id"], "decision": "accept", "trackId": library["blue"]},
        {"rowId": rows[1]["id"], "decision": "never"},
    )

    assert reply.status == 200, reply.text
    assert [row["state"] for row in reply.json()["rows"]] == ["matched", "never"]
    assert reply.json()["playlist"]["trackCount"] == 3
    assert titles(as_user, UUID(made)) == ["Blue Train", "Blue Train", "Lazy Bird"]


def test_decisions_are_remembered(
    as_user: Client, as_other: Client, library: dict[str, str]
) -> None:
    made = send(as_user)["playlist"]["id"]
    rows = report(as_user, made)["rows"]
    decide(
        as_user,
        made,
        {"rowId": rows[2]["id"], "decision": "accept", "trackId": library["blue"]},
        {"rowId": rows[1]["id"], "decision": "never"},
        {"rowId": rows[3]["id"], "decision": "reject", "trackId": library["lazy"]},
    )

    again = send(as_user)
    others = send(as_other)

    states = [row["state"] for row in report(as_user, again["playlist"]["id"])["rows"]]
    assert states == ["matched", "never", "matched", "missing"]
    assert others["report"]["matched"] == 2


def test_a_rejected_match_leaves_the_playlist(as_user: Client, library: dict[str, str]) -> None:
    made = send(as_user)["playlist"]["id"]
    rows = report(as_user, made)["rows"]

    reply = decide(as_user, made, {"rowId": rows[0]["id"], "decision": "reject"})

    assert reply.json()["rows"][0]["state"] == "missing"
    assert titles(as_user, UUID(made)) == ["Lazy Bird"]
    back = {"rowId": rows[0]["id"], "decision": "accept", "trackId": library["blue"]}
    assert decide(as_user, made, back).status == 200
    assert titles(as_user, UUID(made)) == ["Blue Train", "Lazy Bird"]


def test_decides_all_or_nothing(as_user: Client, library: dict[str, str]) -> None:
    made = send(as_user)["playlist"]["id"]
    row = report(as_user, made)["rows"][1]["id"]
    nobody = "00000000-0000-0000-0000-000000000000"

    reply = decide(
        as_user,
        made,
        {"rowId": row, "decision": "never"},
        {"rowId": row, "decision": "accept", "trackId": nobody},
        {"rowId": nobody, "decision": "never"},
    )

    assert (reply.status, len(reply.json()["details"])) == (404, 2)
    assert report(as_user, made)["rows"][1]["state"] == "missing"
    assert decide(as_user, made, {"rowId": row, "decision": "accept"}).status == 422


def test_finds_a_misspelt_title_among_what_its_artist_has(
    session: Session, as_user: Client
) -> None:
    make_track(session, "Postcard from Nowhere", artist="The Sun Couriers", duration_seconds=209)
    rows = [
        {"title": "Postcard from Nowehre", "artist": "Sun Couriers", "duration": 209},
        {"title": "The Sun Couriers", "artist": "Postcard from Nowhere", "duration": 209},
        {"title": "The Sun Couriers - Postcard from Nowhere", "duration": 208},
    ]

    made = send(as_user, json.dumps(rows))

    assert made["report"]["matched"] == 3


def test_a_code_finds_its_track_whatever_the_language(session: Session, as_user: Client) -> None:
    make_track(session, "Ночной поезд", artist="Ветер", duration_seconds=246, isrc="RUPOI9101101")
    rows = [{"title": "Night Train", "artist": "Veter", "duration": 246, "isrc": "RU-POI-91-01101"}]

    assert send(as_user, json.dumps(rows))["report"]["matched"] == 1


def test_deleted_tracks_are_no_candidates(session: Session, as_user: Client, user: User) -> None:
    make_track(session, "Blue Train", is_active=False)

    assert send(as_user)["report"]["missing"] == 4


OWN = {"title": "Blue Train", "artist": "John Coltrane", "duration": 643}


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        ({}, "matched"),
        ({"duration": 644, "artist": "john coltrane"}, "matched"),
        ({"artist": "Somebody Else"}, "doubtful"),
        ({"duration": 843}, "doubtful"),
        ({"album": "Live at Wembley"}, "doubtful"),
        ({"title": "Blue Train (Live)"}, "doubtful"),
    ],
)
def test_the_id_of_a_track_does_not_outweigh_the_words(
    as_user: Client, library: dict[str, str], changed: dict[str, Any], state: str
) -> None:
    row = {**OWN, **changed, "trackId": library["blue"]}

    made = send(as_user, json.dumps([row]))

    assert report(as_user, made["playlist"]["id"])["rows"][0]["state"] == state


@pytest.mark.parametrize("artist", ["Unknown Artist", "!!!"])
def test_a_track_whose_names_say_little_is_found_by_its_id(
    session: Session, as_user: Client, artist: str
) -> None:
    track = make_track(session, "???", artist=artist, duration_seconds=9)
    row = {"title": "???", "artist": artist, "duration": 9, "trackId": str(track.id)}

    assert send(as_user, json.dumps([row]))["report"]["matched"] == 1


def test_the_artists_own_track_is_found_among_many_of_its_name(
    session: Session, as_user: Client
) -> None:
    theirs = make_track(session, "You", artist="Zed & Quill", artists=["Zed", "Quill"])
    for number in range(MOST_BY_TITLE):
        make_track(session, "You", artist=f"Other {number}", id=UUID(int=number + 1))
    rows = [{"title": "You", "artist": "Zed & Quill", "duration": theirs.duration_seconds}]

    assert send(as_user, json.dumps(rows))["report"]["matched"] == 1
