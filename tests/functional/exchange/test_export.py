import csv
import io
import json
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from djamms import clock
from djamms.models.track import Track
from djamms.models.user import User
from tests.functional.exchange.test_import import M3U8, decide, report, send
from tests.functional.playlists.test_playlists import titles
from tests.support.api import Client
from tests.support.factories import add_entry, make_playlist, make_track

FORMATS = ("json", "m3u8", "xspf", "csv")
NAMES = [
    ("Blue Train", "John Coltrane"),
    ("AC/DC - Live \u201cWire\u201d <&>", "Sigur R\u00f3s"),
    ('=HYPERLINK("http://x")', "@nobody"),
    ("\u6f6e\u9a12, II", "\u9752\u3044\u6e2f"),
]


@pytest.fixture
def playlist_id(session: Session, user: User) -> str:
    playlist = make_playlist(session, user.id, name="Caf\u00e9 / Late", is_public=True)
    for key, (title, artist) in enumerate(NAMES, start=1):
        track = make_track(session, title, artist=artist, isrc=f"USABC090020{key}")
        add_entry(session, playlist, track, key)
    return str(playlist.id)


def exported(client: Client, playlist_id: str, format_: str) -> Any:
    reply = client.get(f"/api/playlists/{playlist_id}/export?format={format_}")
    assert reply.status == 200, reply.text
    return reply


@pytest.mark.parametrize("format_", FORMATS)
def test_what_goes_out_comes_in_again(as_user: Client, playlist_id: str, format_: str) -> None:
    text = exported(as_user, playlist_id, format_).text

    made = send(as_user, text, format=format_)

    assert made["report"]["matched"] == len(NAMES)
    assert titles(as_user, UUID(made["playlist"]["id"])) == [title for title, _ in NAMES]
    if format_ != "csv":
        assert made["playlist"]["name"] == "Caf\u00e9 / Late"


@pytest.mark.parametrize("format_", FORMATS)
def test_rows_without_a_track_go_out_in_their_places(
    session: Session, as_user: Client, format_: str
) -> None:
    make_track(session, "Blue Train")
    made = send(as_user, M3U8)["playlist"]["id"]

    again = send(as_user, exported(as_user, made, format_).text, format=format_)

    rows = as_user.get(f"/api/playlists/{again['playlist']['id']}/import-report").json()["rows"]
    assert [row["title"] for row in rows] == [
        *("Blue Train", "Elsewhere", "Blue Train (Live)", "Lazy Bird")
    ]
    assert rows[1]["location"] == "else.mp3"
    assert [row["state"] for row in rows] == ["matched", "missing", "doubtful", "missing"]


def test_no_cell_is_a_formula(as_user: Client, playlist_id: str) -> None:
    cells = [
        cell
        for row in csv.reader(io.StringIO(exported(as_user, playlist_id, "csv").text))
        for cell in row
    ]

    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert "'@nobody" in cells


def test_the_file_has_the_name_of_the_playlist(as_user: Client, playlist_id: str) -> None:
    reply = exported(as_user, playlist_id, "m3u8")

    assert reply.headers["content-type"] == "audio/x-mpegurl; charset=utf-8"
    assert reply.headers["content-disposition"] == (
        "attachment; filename=\"Caf_ _ Late.m3u8\"; filename*=UTF-8''Caf%C3%A9%20_%20Late.m3u8"
    )


def test_shows_nobody_more_than_the_playlist_does(
    session: Session, anonymous: Client, user: User
) -> None:
    playlist = make_playlist(session, user.id, is_public=True)
    add_entry(session, playlist, make_track(session, "Seen"), 1)
    add_entry(session, playlist, make_track(session, "Hidden", is_public=False), 2)

    tracks = exported(anonymous, str(playlist.id), "json").json()["tracks"]

    assert [track["title"] for track in tracks] == ["Seen"]


@pytest.mark.parametrize("format_", FORMATS)
def test_a_row_that_waits_says_all_it_said_before(as_user: Client, format_: str) -> None:
    said = {"title": "Elsewhere", "artist": "Nobody", "album": "Nowhere", "duration": 200}
    text = json.dumps([{**said, "isrc": "USABC1501801"}])
    made = send(as_user, text, format="json")["playlist"]["id"]

    again = send(as_user, exported(as_user, made, format_).text, format=format_)

    (row,) = report(as_user, again["playlist"]["id"])["rows"]
    code = None if format_ == "m3u8" else "USABC1501801"  # M3U has no place for it
    assert {name: row[name] for name in (*said, "isrc")} == {**said, "isrc": code}


def test_rows_that_nobody_wants_stay_at_home(session: Session, as_user: Client) -> None:
    made = send(as_user, M3U8)["playlist"]["id"]
    row = report(as_user, made)["rows"][1]["id"]

    decide(as_user, made, {"rowId": row, "decision": "never"})

    tracks = exported(as_user, made, "json").json()["tracks"]
    assert "Elsewhere" not in [track["title"] for track in tracks]
    assert len(tracks) == 3


@pytest.mark.parametrize("format_", FORMATS)
def test_what_rules_choose_goes_out(
    session: Session, as_user: Client, playlist_id: str, format_: str
) -> None:
    make_track(session, "Not chosen", artist="Else", year=1900)
    rules = {"all": [{"field": "year", "op": "isNot", "value": 1900}], "sort": "title"}
    made = as_user.post("/api/playlists", {"name": "By rules", "rules": rules}).json()

    again = send(as_user, exported(as_user, made["id"], format_).text, format=format_)

    assert again["report"]["matched"] == made["trackCount"] == len(NAMES)
    assert titles(as_user, UUID(again["playlist"]["id"])) == titles(as_user, UUID(made["id"]))


def test_rules_that_choose_too_much_for_a_file_say_so(
    session: Session, as_user: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("djamms.exchange.exporting.MAX_ROWS", 1)
    rules: dict[str, Any] = {"all": [{"field": "year", "op": "isNot", "value": 1900}]}
    made = as_user.post("/api/playlists", {"name": "By rules", "rules": rules}).json()
    make_track(session, "A")
    address = f"/api/playlists/{made['id']}/export?format=csv"
    assert as_user.get(address).status == 200

    make_track(session, "B")

    assert as_user.get(address).status == 409


@pytest.mark.parametrize("format_", FORMATS)
def test_missing_tracks_go_out_as_words_in_their_places(
    session: Session, as_user: Client, playlist_id: str, format_: str
) -> None:
    tracks = as_user.get(f"/api/playlists/{playlist_id}/tracks").json()
    missing = session.get_one(Track, UUID(tracks[1]["id"]))
    missing.is_active, missing.deleted_at = False, clock.now()
    session.flush()

    text = exported(as_user, playlist_id, format_).text
    again = send(as_user, text, format=format_)["playlist"]["id"]

    assert str(missing.id) not in text
    rows = as_user.get(f"/api/playlists/{again}/import-report").json()["rows"]
    assert [row["state"] for row in rows] == ["matched", "missing", "matched", "matched"]
    assert [row["title"] for row in rows] == [title for title, _ in NAMES]


def test_what_a_moderator_hid_does_not_go_out(
    session: Session, as_user: Client, playlist_id: str
) -> None:
    tracks = as_user.get(f"/api/playlists/{playlist_id}/tracks").json()
    hidden = session.get_one(Track, UUID(tracks[1]["id"]))
    hidden.is_active, hidden.hidden_at = False, clock.now()
    session.flush()

    found = exported(as_user, playlist_id, "json").json()["tracks"]

    assert len(found) == len(NAMES) - 1
