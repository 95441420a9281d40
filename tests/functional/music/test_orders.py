"""Every column that a list shows can be sorted by and filtered; what is not known comes last."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from djamms.models.user import User
from tests.support.api import Client, next_link
from tests.support.factories import make_track

FIELDS = {
    "year": "year",
    "bitrate": "bitrate",
    "fileSize": "fileSize",
    "genre": "genre",
    "rating": "rating",
    "bpm": "bpm",
    "trackNumber": "trackNumber",
}


@pytest.fixture
def library(session: Session, user: User) -> None:
    for number in range(7):
        known = number != 3
        make_track(
            session,
            f"T{number}",
            artist=f"A{number}",
            year=1990 + number if known else None,
            bitrate_kbps=100 + number % 3 if known else None,
            size_bytes=5_000_000 + number * 1_000_000 if known else None,
            genre=f"G{number % 2}" if known else None,
            rating=number % 6 if known else None,
            bpm=120 + number * 0.4 if known else None,
            track_number=number + 1 if known else None,
            explicit=number == 1,
            is_public=number != 2,
            musical_key="Am" if number == 4 else None,
            isrc="QZABC2400017" if number == 5 else None,
            uploaded_by=user.id if number < 2 else None,
        )


def walk(client: Client, path: str) -> list[dict[str, Any]]:
    found = []
    while path:
        reply = client.get(path)
        assert reply.status == 200, reply.text
        assert reply.json()["tracks"], "a page behind a link holds something"
        found += reply.json()["tracks"]
        path = next_link(reply)
    return found


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("sort", FIELDS)
def test_sorts_with_the_unknown_last(as_user: Client, sort: str, order: str) -> None:
    found = walk(as_user, f"/api/music/tracks?limit=2&sort={sort}&order={order}")

    values = [track[FIELDS[sort]] for track in found]
    assert len({track["id"] for track in found}) == 7
    assert values[-1] is None
    assert values[:-1] == sorted(values[:-1], reverse=order == "desc")


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sort=dateAdded", "sort=added"),
        ("sort=-dateAdded", "sort=oldest"),
        ("sort=added&order=asc", "sort=oldest"),
        ("order=desc", "sort=newest"),
        ("sort=title&order=desc", "sort=-title"),
    ],
)
def test_orders_have_several_names(as_user: Client, one: str, other: str) -> None:
    def ids(query: str) -> list[str]:
        return [track["id"] for track in walk(as_user, f"/api/music/tracks?{query}")]

    assert ids(one) == ids(other)


@pytest.mark.usefixtures("library")
def test_last_changed_first(as_moderator: Client) -> None:
    first = as_moderator.get("/api/music/tracks?sort=title").json()["tracks"][0]
    as_moderator.put(f"/api/music/tracks/{first['id']}", {"rating": 5})

    found = walk(as_moderator, "/api/music/tracks?sort=updatedAt&limit=3")

    assert (found[0]["id"], len(found)) == (first["id"], 7)


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("q=t4", "T4"),
        ("q=john%20t5", ""),
        ("q=a5%20t5", "T5"),
        ("title=T6", "T6"),
        ("explicit=true", "T1"),
        ("explicit=false&title=t1", ""),
        ("isPublic=false", "T2"),
        ("source=spotify", ""),
        ("source=local&q=t0", "T0"),
        ("uploadedBy=me", "T0 T1"),
        ("bpm=120-120", "T0 T1"),
        ("bpm=122-", "T4 T5 T6"),
        ("bpm=-120&q=t0", "T0"),
        ("key=am", "T4"),
        ("isrc=qzabc2400017", "T5"),
        ("yearFrom=1995", "T5 T6"),
        ("yearTo=1990", "T0"),
        ("yearFrom=1991&yearTo=1992", "T1 T2"),
        ("year=1991-1992", "T1 T2"),
    ],
)
def test_filters(as_user: Client, query: str, titles: str) -> None:
    found = walk_or_nothing(as_user, f"/api/music/tracks?sort=title&{query}")

    assert " ".join(track["title"] for track in found) == titles


def walk_or_nothing(client: Client, path: str) -> list[dict[str, Any]]:
    reply = client.get(path)
    assert reply.status == 200, reply.text
    assert len(reply.json()["tracks"]) == reply.json()["pagination"]["total"]
    tracks: list[dict[str, Any]] = reply.json()["tracks"]
    return tracks


@pytest.mark.usefixtures("library")
def test_guests_learn_nothing_of_uploads(anonymous: Client, user: User) -> None:
    for who in ("me", str(user.id)):
        assert walk_or_nothing(anonymous, f"/api/music/tracks?uploadedBy={who}") == []
    assert walk_or_nothing(anonymous, "/api/music/tracks?isPublic=false") == []


@pytest.mark.parametrize(
    "query",
    [
        "order=up",
        "sort=size",
        "explicit=perhaps",
        "uploadedBy=ada",
        "bpm=fast",
        "bpm=-",
        "yearFrom=nineties",
        "year=1990s&yearTo=1991",
        "year=%D9%A1%D9%A9%D9%A9%D9%A9",
    ],
)
def test_refuses_words_it_does_not_know(anonymous: Client, query: str) -> None:
    reply = anonymous.get(f"/api/music/tracks?{query}")

    assert reply.status == 422
    assert reply.json()["details"][0]["field"] in query


@pytest.mark.usefixtures("library")
def test_a_full_last_page_leads_nowhere(as_user: Client) -> None:
    reply = as_user.get("/api/music/tracks?limit=7")

    assert (len(reply.json()["tracks"]), reply.json()["nextCursor"]) == (7, None)
    assert "link" not in reply.headers


@pytest.mark.usefixtures("library")
def test_links_lead_back(as_user: Client) -> None:
    link = as_user.get("/api/music/tracks?limit=2&page=3&sort=title").headers["link"]

    assert {part.split('rel="')[1][:-1] for part in link.split(", ")} == {"next", "prev", "first"}
    assert '/api/music/tracks?limit=2&sort=title&page=2>; rel="prev"' in link
    assert '/api/music/tracks?limit=2&sort=title>; rel="first"' in link


@pytest.mark.usefixtures("library")
def test_a_cursor_belongs_to_its_filters(as_user: Client) -> None:
    cursor = as_user.get("/api/music/tracks?limit=1&artist=a").json()["nextCursor"]

    assert as_user.get(f"/api/music/tracks?artist=a&cursor={cursor}").status == 200
    assert as_user.get(f"/api/music/tracks?artist=b&cursor={cursor}").status == 400
    assert as_user.get(f"/api/music/tracks?cursor={cursor}").status == 400


LISTS = (
    *("music/tracks", "music/artists", "music/albums", "music/genres", "music/search?q="),
    *("playlists", "music/tracks/trash"),
)


@pytest.mark.parametrize("path", LISTS)
def test_refuses_a_misspelt_parameter(as_user: Client, path: str) -> None:
    sign = "&" if "?" in path else "?"

    reply = as_user.get(f"/api/{path}{sign}gerne=rock")

    assert reply.status == 422
    assert reply.json()["details"][0]["field"] == "gerne"
    assert "unknown parameter; known are: " in reply.json()["message"]
    assert "limit" in reply.json()["message"]


def test_takes_snake_case_too(session: Session, as_user: Client) -> None:
    make_track(session, artist="Ada")

    assert walk_or_nothing(as_user, "/api/music/tracks?artist_is=bob") == []
    assert len(walk_or_nothing(as_user, "/api/music/tracks?artist_is=ada")) == 1


@pytest.mark.parametrize("sort", ["title", "-title", "album", "artist"])
def test_cursors_hold_names_of_any_length(session: Session, as_user: Client, sort: str) -> None:
    name = "".join(chr(0x20000 + n) for n in range(255))
    made = {str(make_track(session, name, artist=name, album=name).id) for _ in range(3)}

    first = as_user.get(f"/api/music/tracks?limit=2&sort={sort}")
    second = as_user.get(next_link(first))

    assert {one["id"] for reply in (first, second) for one in reply.json()["tracks"]} == made
    assert as_user.get("/api/music/albums").json()[0]["trackCount"] == 3


def test_names_that_mean_anything_in_a_choice_are_names(session: Session, as_user: Client) -> None:
    make_track(session, "Made", artist="ALL", album="Any")
    make_track(session, "Other", artist="Somebody", album="Else")

    for words in ("artistIs=ALL", "albumIs=any", "q=any", "title=made"):
        assert as_user.get(f"/api/music/tracks?{words}").json()["pagination"]["total"] == 1, words
    assert as_user.get("/api/music/tracks?genre=any&year=all").json()["pagination"]["total"] == 2
