"""Entries that a caller cannot see: of deleted tracks, and for guests of private ones."""

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from djamms.models.playlist import Playlist
from djamms.models.track import Track
from djamms.models.user import User
from djamms.playlists.repository import GAP
from tests.functional.playlists.test_order import entries, move
from tests.functional.playlists.test_playlists import titles
from tests.support.api import Client, next_link
from tests.support.factories import add_entry, make_playlist, make_track


@pytest.fixture
def playlist(session: Session, user: User) -> Playlist:
    """A, B, C, D of 10, 20, 30 and 40 s; B is private."""
    playlist = make_playlist(session, user.id, is_public=True)
    for rank, title in enumerate("ABCD", start=1):
        track = make_track(session, title, duration_seconds=10 * rank, is_public=title != "B")
        add_entry(session, playlist, track, rank * GAP)
    return playlist


def delete(session: Session, *names: str) -> None:
    session.execute(update(Track).where(Track.title.in_(names)).values(is_active=False))


def restore_all(session: Session) -> None:
    session.execute(update(Track).values(is_active=True))


def counts(client: Client, playlist: Playlist) -> tuple[int, int, int, str]:
    """Of the playlist itself, which says the same as the list of playlists, and of its entries."""
    body = client.get(f"/api/playlists/{playlist.id}").json()
    listed = {one["id"]: one for one in client.get("/api/playlists").json()}
    assert listed[body["id"]] == body
    total = client.get(f"/api/playlists/{playlist.id}/tracks").headers["x-total-count"]
    return body["trackCount"], body["duration"], body["missingCount"], total


def test_counts_are_of_what_the_caller_can_list(
    session: Session, anonymous: Client, as_user: Client, playlist: Playlist
) -> None:
    delete(session, "C")

    assert titles(as_user, playlist.id) == list("ABD")
    assert counts(as_user, playlist) == (3, 70, 1, "3")
    assert titles(anonymous, playlist.id) == list("AD")
    assert counts(anonymous, playlist) == (2, 50, 1, "2")


def test_a_private_track_leaves_no_trace_for_guests(
    session: Session, anonymous: Client, playlist: Playlist
) -> None:
    delete(session, "B")

    assert counts(anonymous, playlist) == (3, 80, 0, "3")


def test_what_was_missing_heals(session: Session, as_user: Client, playlist: Playlist) -> None:
    delete(session, "A", "C")
    restore_all(session)

    assert titles(as_user, playlist.id) == list("ABCD")
    assert counts(as_user, playlist) == (4, 100, 0, "4")


def test_an_edit_counts_as_a_list_does(
    session: Session, as_user: Client, playlist: Playlist
) -> None:
    delete(session, "B", "C")

    reply = move(as_user, playlist, "D", 0).json()

    assert (reply["trackCount"], reply["duration"], reply["missingCount"]) == (2, 50, 2)
    assert reply["entryIds"] == [*entries(as_user, playlist).values()]


def test_pages_hold_what_they_promise(
    session: Session, anonymous: Client, playlist: Playlist
) -> None:
    seen, path = [], f"/api/playlists/{playlist.id}/tracks?limit=1"
    while path:
        reply = anonymous.get(path)
        seen += [(track["title"], track["position"]) for track in reply.json()]
        path = next_link(reply)

    assert seen == [("A", 0), ("C", 1), ("D", 2)]


@pytest.mark.parametrize(
    ("hidden", "order", "expected"),
    [
        ("B", "DCA", "DCAB"),
        ("BC", "DA", "DABC"),
        ("A", "DBC", "ADBC"),
        ("D", "CBA", "CDBA"),
        ("ABCD", "", "ABCD"),
    ],
)
def test_an_order_of_what_is_visible_takes_the_hidden_along(
    session: Session, as_user: Client, playlist: Playlist, hidden: str, order: str, expected: str
) -> None:
    ids = entries(as_user, playlist)
    delete(session, *hidden)
    body = {"entryIds": [ids[title] for title in order], "version": 1}

    reply = as_user.put(f"/api/playlists/{playlist.id}/reorder", body)

    assert reply.status == 200
    restore_all(session)
    assert titles(as_user, playlist.id) == list(expected)


def test_an_order_made_before_a_deletion_still_counts(
    session: Session, as_user: Client, playlist: Playlist
) -> None:
    ids = entries(as_user, playlist)
    delete(session, "B")
    body = {"entryIds": [ids[title] for title in "BDCA"], "version": 1}

    assert as_user.put(f"/api/playlists/{playlist.id}/reorder", body).status == 200

    restore_all(session)
    assert titles(as_user, playlist.id) == list("BDCA")


@pytest.mark.parametrize("order", ["DC", "DCAA", "DCAX"])
def test_an_order_names_all_that_is_visible_once(
    session: Session, as_user: Client, playlist: Playlist, order: str
) -> None:
    ids = entries(as_user, playlist) | {"X": str(playlist.id)}
    delete(session, "B")
    body = {"entryIds": [ids[title] for title in order], "version": 1}

    assert as_user.put(f"/api/playlists/{playlist.id}/reorder", body).status == 422


@pytest.mark.parametrize(
    ("title", "position", "expected"),
    [("D", 0, "DABC"), ("D", 1, "ABDC"), ("A", 1, "BCAD"), ("A", 9, "BCDA")],
)
def test_a_rank_is_one_among_the_visible(
    session: Session,
    as_user: Client,
    playlist: Playlist,
    title: str,
    position: int,
    expected: str,
) -> None:
    delete(session, "B")

    move(as_user, playlist, title, position)

    restore_all(session)
    assert titles(as_user, playlist.id) == list(expected)


def test_a_stale_version_names_no_hidden_entry(
    session: Session, as_user: Client, playlist: Playlist
) -> None:
    hidden = entries(as_user, playlist)["B"]
    delete(session, "B")

    (detail,) = move(as_user, playlist, "A", 2, version=7).json()["details"]

    assert hidden not in detail["entryIds"]
    assert len(detail["entryIds"]) == 3
