"""Artists, albums and genres are what people take for one."""

import re
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.support.api import Client, next_link
from tests.support.factories import make_track


def names(client: Client, path: str) -> list[str]:
    reply = client.get(f"/api/music/{path}")
    assert reply.status == 200, reply.text
    return [one["name"] for one in reply.json()]


def total_of(client: Client, address: str) -> int:
    path = address.removeprefix("http://localhost:3001")
    reply = client.get(path)
    assert reply.status == 200, reply.text
    return int(reply.json()["pagination"]["total"])


def test_a_compilation_is_one_album_in_its_order(session: Session, anonymous: Client) -> None:
    for number, artist in ((2, "One"), (1, "Two"), (3, "Three")):
        make_track(
            session, f"T{number}", artist=artist, album="Hits", track_number=number, disc_number=2,
            album_artist="Various Artists",
        )  # fmt: skip
    make_track(session, "T9", album="hits", album_artist="VARIOUS ARTISTS", track_number=9)

    [album] = anonymous.get("/api/music/albums").json()

    assert (album["name"], album["artist"]) == ("Hits", "Various Artists")
    assert album["trackCount"] == 4
    path = album["tracks"].removeprefix("http://localhost:3001")
    found = [one["title"] for one in anonymous.get(path).json()["tracks"]]
    assert found == ["T9", "T1", "T2", "T3"]


def test_each_artist_of_a_track_is_one(session: Session, anonymous: Client) -> None:
    make_track(session, "a", artist="Beyoncé, Jay-Z", artists=["Beyoncé", "Jay-Z"])
    make_track(session, "b", artist="Beyonce")
    make_track(session, "c", artist="Beyoncé")
    make_track(session, "d", artist="Earth, Wind & Fire")

    reply = anonymous.get("/api/music/artists")

    found = {one["name"]: one["trackCount"] for one in reply.json()}
    assert found == {"Beyoncé": 3, "Earth, Wind & Fire": 1, "Jay-Z": 1}
    assert reply.headers["x-total-count"] == "3"
    for one in reply.json():
        assert total_of(anonymous, one["tracks"]) == one["trackCount"]
    assert names(anonymous, "artists?q=beyonce") == ["Beyoncé"]


def library(session: Session) -> None:
    for number, artist in enumerate(["ABBA", "abba", "ABBA", "Zed", "Mo", "Mo"]):
        make_track(session, f"T{number}", artist=artist, album=f"Of {artist}", is_public=number < 5)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("name", ["ABBA", "Mo", "Zed"]),
        ("-name", ["Zed", "Mo", "ABBA"]),
        ("count", ["ABBA", "Mo", "Zed"]),
        ("-count", ["Zed", "Mo", "ABBA"]),
    ],
)
@pytest.mark.parametrize("kind", ["artists", "albums"])
def test_pages_in_every_order(
    session: Session, as_user: Client, kind: str, sort: str, expected: list[str]
) -> None:
    library(session)

    path, found = f"/api/music/{kind}?limit=1&sort={sort}", []
    while path:
        reply = as_user.get(path)
        assert reply.headers["x-total-count"] == "3"
        found += [one.get("artist", one["name"]) for one in reply.json()]
        path = next_link(reply)

    assert found == expected


def test_guests_count_what_is_public(session: Session, anonymous: Client) -> None:
    library(session)

    found = {one["name"]: one["trackCount"] for one in anonymous.get("/api/music/artists").json()}

    assert found == {"ABBA": 3, "Mo": 1, "Zed": 1}


@pytest.mark.parametrize(
    "changes",
    [{"artist": "New", "album": "Other"}, {"isPublic": False}, {"albumArtist": "New"}],
)
def test_counts_follow_changes(
    session: Session, as_moderator: Client, anonymous: Client, changes: dict[str, Any]
) -> None:
    track = make_track(session, artist="Old", album="Same")
    make_track(session, artist="Other", album="Else")

    as_moderator.put(f"/api/music/tracks/{track.id}", changes)

    for client in (as_moderator, anonymous):
        for kind in ("artists", "albums"):
            for one in client.get(f"/api/music/{kind}").json():
                assert total_of(client, one["tracks"]) == one["trackCount"] > 0
    as_moderator.delete(f"/api/music/tracks/{track.id}")
    assert names(as_moderator, "artists") == ["Other"]
    assert names(as_moderator, "albums") == ["Else"]


def genres(client: Client, query: str = "") -> dict[str, Any]:
    return {one["name"]: one for one in client.get(f"/api/music/genres{query}").json()}


@pytest.mark.parametrize(
    "genre",
    ["Drum & Bass", "Synthpop", "Electronic", "Dance", "EDM", "Post-Rock", "R&B", "Hip Hop"],
)
def test_known_genres_are_what_ingest_writes(
    session: Session, anonymous: Client, genre: str
) -> None:
    make_track(session, genre=genre)

    found = genres(anonymous)[genre]

    assert (found["trackCount"], found["category"] is None) == (1, False)
    assert total_of(anonymous, f"/api/music/tracks?genre={found['slug']}") == 1


@pytest.mark.parametrize("name", ["J-Pop/Rock", "Zeuhl", "Chanson française", "日本のロック"])
def test_other_genres_keep_their_name_and_have_an_address(
    session: Session, anonymous: Client, name: str
) -> None:
    make_track(session, genre=name)
    make_track(session, genre=name.upper(), is_public=False)

    found = genres(anonymous)[name]

    assert (found["trackCount"], found["category"]) == (1, None)
    assert re.fullmatch("[a-z0-9-]+", found["slug"])
    assert total_of(anonymous, f"/api/music/tracks?genre={found['slug']}") == 1


def test_a_track_counts_for_each_of_its_genres(session: Session, anonymous: Client) -> None:
    make_track(session, genre="Rock", genres=["Rock", "Soul"])

    found = genres(anonymous)

    assert (found["Rock"]["trackCount"], found["Soul"]["trackCount"]) == (1, 1)


def test_genres_come_in_pages(anonymous: Client) -> None:
    first = anonymous.get("/api/music/genres?limit=2")

    assert len(first.json()) == 2
    assert int(first.headers["x-total-count"]) > 40
    second = anonymous.get(next_link(first))
    assert second.json() != first.json()
    assert 'rel="prev"' in second.headers["link"]
    assert names(anonymous, "genres?q=drum") == ["Drum & Bass"]


def test_a_cursor_belongs_to_its_list(session: Session, as_user: Client) -> None:
    library(session)
    path = next_link(as_user.get("/api/music/artists?limit=1"))

    assert as_user.get(f"{path}&q=x").status == 400
    assert as_user.get(f"{path}&sort=count").status == 400
    assert as_user.get(path.replace("artists", "albums")).status == 400
