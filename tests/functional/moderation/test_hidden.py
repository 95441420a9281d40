"""What a moderator hid is gone everywhere at once, and back as it was."""

from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from djamms.models.counts import TrackCount
from djamms.models.playlist import Playlist
from djamms.models.track import Track
from djamms.models.user import User
from djamms.playlists.repository import GAP
from tests.functional.moderation.test_moderation import act, flag
from tests.support.api import Client
from tests.support.factories import add_entry, make_playlist, make_track


@pytest.fixture
def track(session: Session, user: User) -> Track:
    return make_track(session, "Zugzwang", artist="Zora Quill", uploaded_by=user.id)


@pytest.fixture
def playlist(session: Session, as_other: Client, track: Track) -> str:
    """Another person's, public, with the track and one more."""
    made = as_other.post("/api/playlists", {"name": "Loud", "isPublic": True}).json()
    row = session.get_one(Playlist, made["id"])
    add_entry(session, row, track, GAP)
    add_entry(session, row, make_track(session, "Other"), 2 * GAP)
    return str(made["id"])


def seen(client: Client, track: Track, playlist: str) -> dict[str, Any]:
    """Where the track shows."""
    tracks = client.get("/api/music/tracks").json()
    search = client.get("/api/music/search?q=zugzwang").json()
    return {
        "list": str(track.id) in [one["id"] for one in tracks["tracks"]],
        "total": tracks["pagination"]["total"],
        "search": search["total"],
        "artists": "Zora Quill" in [a["name"] for a in client.get("/api/music/artists").json()],
        "details": client.get(f"/api/music/tracks/{track.id}").status,
        "stream": client.get(f"/api/music/tracks/{track.id}/stream").status,
        "artwork": client.get(f"/api/music/artwork/{track.id}").status,
        "playlist": [
            one["title"] for one in client.get(f"/api/playlists/{playlist}/tracks").json()
        ],
    }


SHOWN = {
    "list": True,
    "total": 2,
    "search": 1,
    "artists": True,
    "details": 200,
    "stream": 302,
    "artwork": 404,  # it has none
    "playlist": ["Zugzwang", "Other"],
}
GONE = {
    "list": False,
    "total": 1,
    "search": 0,
    "artists": False,
    "details": 404,
    "stream": 404,
    "artwork": 404,
    "playlist": ["Other"],
}


def test_a_hidden_track_is_gone_everywhere_and_back_as_it_was(
    anonymous: Client, as_other: Client, as_moderator: Client, track: Track, playlist: str
) -> None:
    assert seen(anonymous, track, playlist) == seen(as_other, track, playlist) == SHOWN

    act(as_moderator, "hide", track.id)
    assert seen(anonymous, track, playlist) == seen(as_other, track, playlist) == GONE

    act(as_moderator, "restore", track.id)
    assert seen(anonymous, track, playlist) == seen(as_other, track, playlist) == SHOWN


def test_a_signed_stream_address_ends_with_the_track(
    anonymous: Client, as_moderator: Client, track: Track
) -> None:
    url = anonymous.get(f"/api/music/tracks/{track.id}").json()["url"]
    path = url.removeprefix("http://localhost:3001")
    assert anonymous.get(path).status == 302

    act(as_moderator, "hide", track.id)

    assert anonymous.get(path).status == 404


def test_whoever_uploaded_it_sees_that_it_is_hidden(
    as_user: Client, as_other: Client, as_moderator: Client, track: Track
) -> None:
    act(as_moderator, "hide", track.id)

    for client in (as_user, as_moderator):
        shown = client.get(f"/api/music/tracks/{track.id}").json()
        assert (shown["title"], shown["state"], shown["url"]) == ("Zugzwang", "hidden", None)
    assert as_other.get(f"/api/music/tracks/{track.id}").status == 404


def test_whoever_uploaded_it_finds_it(
    session: Session, as_user: Client, as_other: Client, as_moderator: Client, track: Track
) -> None:
    make_track(session, "Not hidden", uploaded_by=track.uploaded_by)
    act(as_moderator, "hide", track.id)

    found = as_user.get("/api/user/hidden-tracks")

    assert [(one["title"], one["state"], one["url"]) for one in found.json()] == [
        ("Zugzwang", "hidden", None)
    ]
    assert found.headers["x-total-count"] == "1"
    for client in (as_other, as_moderator):
        assert client.get("/api/user/hidden-tracks").json() == []


def test_a_favorite_says_why_it_cannot_be_played(
    as_user: Client, as_other: Client, as_moderator: Client, track: Track
) -> None:
    for client in (as_user, as_other):
        client.post(f"/api/user/favorites/{track.id}")

    act(as_moderator, "hide", track.id)

    states = [
        [(one["title"], one["state"]) for one in client.get("/api/user/favorites").json()]
        for client in (as_user, as_other)
    ]
    assert states == [[("Zugzwang", "hidden")], [("Zugzwang", "missing")]]


def test_hidden_is_not_deleted(
    as_user: Client, as_admin: Client, as_moderator: Client, track: Track
) -> None:
    act(as_moderator, "hide", track.id)

    assert as_moderator.get("/api/music/tracks/trash").json() == []
    assert as_admin.post(f"/api/music/tracks/{track.id}/restore").status == 404
    assert as_user.put(f"/api/music/tracks/{track.id}", {"title": "New"}).status in (403, 404)


def test_out_of_the_trash_what_was_hidden_is_hidden_still(
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    as_user: Client,
    as_admin: Client,
    as_moderator: Client,
    track: Track,
) -> None:
    from tests.support.store import FakeStore

    monkeypatch.setattr("djamms.storage.store.media_store", FakeStore)
    as_user.delete(f"/api/music/tracks/{track.id}")
    act(as_moderator, "hide", track.id)

    assert as_admin.post(f"/api/music/tracks/{track.id}/restore").json()["state"] == "hidden"
    assert as_user.get("/api/music/tracks/trash").json() == []

    assert act(as_moderator, "restore", track.id)["state"] == "visible"
    assert as_user.get(f"/api/music/tracks/{track.id}").json()["state"] == "ready"


def test_what_was_deleted_meanwhile_is_not_brought_back(
    as_user: Client, as_moderator: Client, track: Track
) -> None:
    as_user.delete(f"/api/music/tracks/{track.id}")
    act(as_moderator, "hide", track.id)

    assert act(as_moderator, "restore", track.id)["state"] == "deleted"
    assert as_user.get(f"/api/music/tracks/{track.id}").status == 404


def test_counts_are_kept(session: Session, as_moderator: Client, track: Track) -> None:
    longest = TrackCount.shift == TrackCount.SHIFTS[0]
    counts = select(TrackCount.tracks).where(longest)
    before = sum(session.scalars(counts))

    act(as_moderator, "hide", track.id)
    assert sum(session.scalars(counts)) == before - 1

    act(as_moderator, "restore", track.id)
    assert sum(session.scalars(counts)) == before


def test_a_hidden_playlist_is_its_owners_alone(
    session: Session,
    anonymous: Client,
    as_user: Client,
    as_other: Client,
    as_moderator: Client,
    user: User,
) -> None:
    mine = make_playlist(session, user.id, name="Rude", is_public=True)
    path = f"/api/playlists/{mine.id}"
    as_other.post(f"/api/user/starred-playlists/{mine.id}")
    flag(as_other, playlistId=mine.id)

    assert act(as_moderator, "hide", mine.id)["kind"] == "playlist"

    assert anonymous.get(path).status == as_other.get(path).status == 404
    assert as_other.get(f"{path}/tracks").status == 404
    assert as_other.get("/api/user/starred-playlists").json() == []
    assert "Rude" not in [one["name"] for one in as_other.get("/api/playlists").json()]
    assert as_user.get(path).json()["state"] == "hidden"
    refused = as_user.put(path, {"name": "Polite"})
    assert (refused.status, "A moderator has hidden" in refused.json()["message"]) == (403, True)

    act(as_moderator, "restore", mine.id)
    assert anonymous.get(path).json()["state"] == "active"
    assert len(as_other.get("/api/user/starred-playlists").json()) == 1


def test_a_moderator_looks_into_what_is_hidden(as_moderator: Client, playlist: str) -> None:
    act(as_moderator, "hide", playlist)

    assert as_moderator.get(f"/api/playlists/{playlist}").json()["state"] == "hidden"
    tracks = as_moderator.get(f"/api/playlists/{playlist}/tracks").json()
    assert [one["title"] for one in tracks] == ["Zugzwang", "Other"]


@pytest.mark.parametrize("model", [Track, Playlist])
def test_no_statement_can_show_what_is_hidden(
    session: Session,
    as_moderator: Client,
    track: Track,
    playlist: str,
    model: type[Track | Playlist],
) -> None:
    for thing_id in (track.id, playlist):
        act(as_moderator, "hide", thing_id)

    with pytest.raises(DBAPIError, match="hidden_is_inactive"), session.begin_nested():
        session.execute(update(model).values(is_active=True))
