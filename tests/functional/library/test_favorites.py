"""Favorites and stars: kept once, in their order, whatever happens to what they stand for."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from djamms import clock
from djamms.models.favorite import Favorite
from djamms.models.track import Track
from djamms.models.user import User
from tests.support.api import Client, next_link
from tests.support.factories import add_entry, make_playlist, make_track

NOBODY = UUID(int=0)
FAVORITES, STARS = "/api/user/favorites", "/api/user/starred-playlists"


def titles(client: Client) -> list[tuple[str, str]]:
    return [(track["title"], track["state"]) for track in client.get(FAVORITES).json()]


def test_a_favorite_is_one_however_often_it_is_added(
    session: Session, as_user: Client, as_other: Client
) -> None:
    track = make_track(session)

    replies = [as_user.post(f"{FAVORITES}/{track.id}") for _ in range(3)]

    assert [reply.status for reply in replies] == [200] * 3
    assert len({reply.text for reply in replies}) == 1
    listed = as_user.get(FAVORITES)
    assert [(one["id"], one["addedAt"]) for one in listed.json()] == [
        (str(track.id), replies[0].json()["addedAt"])
    ]
    assert listed.headers["x-total-count"] == "1"
    assert as_other.get(FAVORITES).json() == []


def test_a_favorite_is_removed_however_often(session: Session, as_user: Client) -> None:
    track = make_track(session)
    as_user.post(f"{FAVORITES}/{track.id}")

    replies = [as_user.delete(f"{FAVORITES}/{track.id}") for _ in range(2)]

    assert [(one.status, one.json()["deleted"]) for one in replies] == [(200, True), (200, False)]
    assert as_user.get(FAVORITES).json() == []


def test_what_cannot_be_seen_cannot_be_added(session: Session, as_user: Client) -> None:
    gone = make_track(session, is_active=False)

    assert as_user.post(f"{FAVORITES}/{gone.id}").status == 404
    assert as_user.post(f"{FAVORITES}/{NOBODY}").status == 404
    assert as_user.post(f"{STARS}/{NOBODY}").status == 404


def test_a_favorite_whose_track_is_deleted_is_missing_until_it_is_back(
    session: Session, as_user: Client, as_moderator: Client
) -> None:
    kept, lost = make_track(session, "Kept"), make_track(session, "Lost", artist="Mira Calder")
    for track in (kept, lost):
        as_user.post(f"{FAVORITES}/{track.id}")

    assert as_moderator.delete(f"/api/music/tracks/{lost.id}").status == 200

    assert titles(as_user) == [("Lost", "missing"), ("Kept", "ready")]
    missing = as_user.get(FAVORITES).json()[0]
    assert missing["artist"] == "Mira Calder"
    assert (missing["audioUrl"], missing["url"], missing["thumbnail"]) == (None, None, None)
    assert as_user.post(f"{FAVORITES}/{lost.id}").status == 200
    session.execute(update(Track).values(is_active=True, deleted_at=None))
    assert titles(as_user) == [("Lost", "ready"), ("Kept", "ready")]


def test_an_erased_track_leaves_its_name(session: Session, as_user: Client) -> None:
    track = make_track(session, "Tombstone")
    as_user.post(f"{FAVORITES}/{track.id}")

    erased = {"is_active": False, "deleted_at": clock.now(), "object_key": ""}
    session.execute(update(Track).where(Track.id == track.id).values(erased))

    assert titles(as_user) == [("Tombstone", "missing")]


@pytest.mark.parametrize("stepping", ["cursor", "page"])
def test_pages_the_favorites(session: Session, as_user: Client, user: User, stepping: str) -> None:
    added = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(5):  # the first three in one instant
        track = make_track(session, str(number))
        moment = added + timedelta(hours=max(0, number - 2))
        session.add(Favorite(user_id=user.id, track_id=track.id, created_at=moment))
    session.flush()

    seen, number, path = [], 1, f"{FAVORITES}?limit=2"
    while path:
        reply = as_user.get(path)
        assert reply.headers["x-total-count"] == "5"
        seen.append([one["title"] for one in reply.json()])
        number, path = number + 1, next_link(reply)
        if path and stepping == "page":
            path = f"{FAVORITES}?limit=2&page={number}"

    assert [len(page) for page in seen] == [2, 2, 1]
    assert seen[0] == ["4", "3"]
    assert sorted(title for page in seen for title in page) == list("01234")
    assert as_user.get(f"{FAVORITES}?cursor=x").status == 400


def test_stars_a_playlist_that_can_be_read(
    session: Session, as_user: Client, as_other: Client, user: User
) -> None:
    mine = make_playlist(session, user.id, name="Mine")
    public = make_playlist(session, None, name="Public", is_public=True)

    replies = [as_user.post(f"{STARS}/{one.id}") for one in (mine, public, mine)]

    assert [(one.status, one.json()["isStarred"]) for one in replies] == [(200, True)] * 3
    listed = as_user.get(STARS).json()
    assert [(one["name"], one["isStarred"]) for one in listed] == [("Public", True), ("Mine", True)]
    assert as_other.post(f"{STARS}/{mine.id}").status == 404
    shown = {one["name"]: one["isStarred"] for one in as_user.get("/api/playlists").json()}
    assert (shown["Mine"], shown["House Default"]) == (True, False)


def test_a_star_waits_for_a_playlist_that_is_closed(
    session: Session, as_user: Client, as_other: Client, user: User
) -> None:
    playlist = make_playlist(session, user.id, name="Open", is_public=True)
    as_other.post(f"{STARS}/{playlist.id}")

    as_user.put(f"/api/playlists/{playlist.id}", {"isPublic": False})
    assert as_other.get(STARS).json() == []
    as_user.put(f"/api/playlists/{playlist.id}", {"isPublic": True})

    assert [one["name"] for one in as_other.get(STARS).json()] == ["Open"]
    replies = [as_other.delete(f"{STARS}/{playlist.id}").json()["deleted"] for _ in range(2)]
    assert replies == [True, False]
    assert as_other.get(STARS).json() == []


def test_no_row_goes_with_a_track(session: Session, as_user: Client, as_moderator: Client) -> None:
    track = make_track(session)
    as_user.post(f"{FAVORITES}/{track.id}")

    as_moderator.delete(f"/api/music/tracks/{track.id}")

    assert session.scalars(select(Favorite.track_id)).all() == [track.id]


def test_tracks_say_whether_they_are_favorites(
    session: Session, as_user: Client, as_other: Client, anonymous: Client, user: User
) -> None:
    track, other = make_track(session, "Loved"), make_track(session, "Other")
    playlist = make_playlist(session, user.id, is_public=True)
    for rank, one in enumerate((track, other)):
        add_entry(session, playlist, one, rank)
    as_user.post(f"{FAVORITES}/{track.id}")

    told = [
        {
            one["title"]: one["isFavorite"]
            for one in (
                *client.get("/api/music/tracks").json()["tracks"],
                *client.get(f"/api/playlists/{playlist.id}/tracks").json(),
                client.get(f"/api/music/tracks/{track.id}").json(),
            )
        }
        for client in (as_user, as_other, anonymous)
    ]

    assert told == [
        {"Loved": True, "Other": False},
        {"Loved": False, "Other": False},
        {"Loved": None, "Other": None},
    ]
