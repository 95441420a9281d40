from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from djamms.models.library import PlaybackEvent
from djamms.models.user import User
from tests.support.api import Client, Reply, next_link
from tests.support.factories import make_track


def test_a_play_is_counted_and_remembered(session: Session, as_user: Client, user: User) -> None:
    track = make_track(session)

    reply = as_user.post(
        f"/api/music/tracks/{track.id}/play", {"durationPlayed": 61, "source": "playlist"}
    )

    assert reply.json() == {"trackId": str(track.id), "plays": 1, "recorded": True}
    event = session.scalars(select(PlaybackEvent)).one()
    assert (event.user_id, event.duration_played_seconds, event.source) == (user.id, 61, "playlist")


def test_the_same_key_counts_once_per_caller(
    session: Session, as_user: Client, as_other: Client, anonymous: Client
) -> None:
    url, body = f"/api/music/tracks/{make_track(session).id}/play", {"key": "event-1"}

    replies = [client.post(url, body).json() for client in (as_user, as_user, as_other)]
    guests = [anonymous.post(url, body).json() for _ in range(2)]

    assert [reply["recorded"] for reply in replies] == [True, False, True]
    assert [reply["plays"] for reply in replies] == [1, 1, 2]
    assert [reply["recorded"] for reply in guests] == [True, False]


def test_a_play_needs_no_body(session: Session, anonymous: Client) -> None:
    assert anonymous.post(f"/api/music/tracks/{make_track(session).id}/play").status == 200


def test_a_play_of_nothing_is_not_found(session: Session, anonymous: Client) -> None:
    hidden = make_track(session, is_public=False)

    assert anonymous.post(f"/api/music/tracks/{hidden.id}/play").status == 404
    assert anonymous.post(f"/api/music/tracks/{uuid4()}/play").status == 404
    assert session.scalars(select(PlaybackEvent)).all() == []


@pytest.mark.parametrize(
    "body", [{"durationPlayed": -1}, {"source": "radio"}, {"key": ""}, {"x": 1}]
)
def test_refuses_an_impossible_play(
    session: Session, anonymous: Client, body: dict[str, object]
) -> None:
    assert anonymous.post(f"/api/music/tracks/{make_track(session).id}/play", body).status == 422


def by_name(reply: Reply) -> dict[str, dict[str, object]]:
    return {item["name"]: item for item in reply.json()}


def test_genres_with_counts(session: Session, anonymous: Client, as_user: Client) -> None:
    make_track(session, genre="jazz")
    make_track(session, genre="Jazz", is_public=False)
    make_track(session, genre="Zeuhl")

    public = by_name(anonymous.get("/api/music/genres"))
    everything = by_name(as_user.get("/api/music/genres"))

    assert (public["Jazz"]["trackCount"], everything["Jazz"]["trackCount"]) == (1, 2)
    assert public["Jazz"]["category"] == "Jazz & Blues"
    assert (public["Zeuhl"]["trackCount"], public["Zeuhl"]["category"]) == (1, None)
    assert public["Techno"]["trackCount"] == 0


def walk(client: Client, path: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    while path:
        page = client.get(path)
        found += page.json()
        path = next_link(page)
    return found


def test_artists_with_counts_and_their_tracks(session: Session, anonymous: Client) -> None:
    for name, artist, album in (
        *(("a", "AC/DC", "X"), ("b", "AC/DC", "Y"), ("c", "Björk", None), ("d", "Zed & Co", "X")),
    ):
        make_track(session, name, artist=artist, album=album)
    make_track(session, artist="Secret", is_public=False)

    artists = walk(anonymous, "/api/music/artists?limit=2")

    assert [artist["name"] for artist in artists] == ["AC/DC", "Björk", "Zed & Co"]
    assert (artists[0]["trackCount"], artists[0]["albumCount"]) == (2, 2)
    assert artists[1]["albumCount"] == 0
    for one in artists:
        path = str(one["tracks"]).removeprefix("http://localhost:3001")
        assert anonymous.get(path).json()["pagination"]["total"] == one["trackCount"]
    assert by_name(anonymous.get("/api/music/artists?q=BJ")).keys() == {"Björk"}


def test_albums_with_counts_and_their_tracks(session: Session, anonymous: Client) -> None:
    make_track(session, "a", artist="One", album="Same", year=1990, duration_seconds=10)
    make_track(session, "b", artist="One", album="Same", year=1991, duration_seconds=20)
    make_track(session, "c", artist="Two", album="Same")
    make_track(session, "d", artist="Two", album=None)
    make_track(session, "e", artist="Two", album="Zoo")

    albums = walk(anonymous, "/api/music/albums?limit=1")

    names = [(album["name"], album["artist"]) for album in albums]
    assert names == [("Same", "One"), ("Same", "Two"), ("Zoo", "Two")]
    assert (albums[0]["trackCount"], albums[0]["duration"], albums[0]["year"]) == (2, 30, 1991)
    for album in albums:
        path = str(album["tracks"]).removeprefix("http://localhost:3001")
        assert anonymous.get(path).json()["pagination"]["total"] == album["trackCount"]
    assert len(anonymous.get("/api/music/albums?artist=Two&q=zo").json()) == 1
