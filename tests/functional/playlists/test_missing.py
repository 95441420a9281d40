"""What waits for its track is told beside the list."""

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from djamms.models.playlist import Playlist
from djamms.models.track import Track
from djamms.models.user import User
from djamms.playlists.repository import GAP
from tests.support.api import Client
from tests.support.factories import add_entry, make_playlist, make_track


@pytest.fixture
def playlist(session: Session, user: User) -> Playlist:
    """A, B, C, D, and A again; B is private."""
    playlist = make_playlist(session, user.id, is_public=True)
    tracks = {title: make_track(session, title, is_public=title != "B") for title in "ABCD"}
    for rank, title in enumerate("ABCDA", start=1):
        add_entry(session, playlist, tracks[title], rank * GAP)
    return playlist


def missing(client: Client, playlist: Playlist) -> list[tuple[str, int]]:
    reply = client.get(f"/api/playlists/{playlist.id}/missing")
    assert {one["state"] for one in reply.json()} <= {"missing"}
    assert {one["url"] for one in reply.json()} <= {None}
    return [(one["title"], one["position"]) for one in reply.json()]


def test_nothing_is_missing(as_user: Client, playlist: Playlist) -> None:
    assert missing(as_user, playlist) == []


def test_tells_what_is_missing_and_where_it_would_stand(
    session: Session, as_user: Client, anonymous: Client, playlist: Playlist
) -> None:
    gone = Track.title.in_(["A", "B", "C"])
    session.execute(update(Track).where(gone).values(is_active=False))

    assert missing(as_user, playlist) == [("A", 0), ("B", 0), ("C", 0), ("A", 1)]
    assert missing(anonymous, playlist) == [("A", 0), ("C", 0), ("A", 1)]
    count = as_user.get(f"/api/playlists/{playlist.id}").json()["missingCount"]
    assert count == len(missing(as_user, playlist))


def test_a_closed_playlist_tells_nothing(session: Session, as_other: Client, user: User) -> None:
    closed = make_playlist(session, user.id)

    assert as_other.get(f"/api/playlists/{closed.id}/missing").status == 404
