"""All places of a playlist, those of missing tracks included."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from djamms.models.playlist import Playlist
from tests.functional.playlists.test_hidden import delete, playlist, restore_all
from tests.support.api import Client, next_link

__all__ = ["playlist"]


def places(client: Client, playlist: Playlist) -> list[tuple[str, str, int | None]]:
    found: list[dict[str, Any]] = client.get(f"/api/playlists/{playlist.id}/entries").json()
    return [(one["title"], one["state"], one["position"]) for one in found]


def test_a_missing_track_keeps_its_place_and_heals(
    session: Session, as_user: Client, playlist: Playlist
) -> None:
    delete(session, "B")
    assert places(as_user, playlist) == [
        ("A", "ready", 0),
        ("B", "missing", None),
        ("C", "ready", 1),
        ("D", "ready", 2),
    ]

    restore_all(session)

    assert places(as_user, playlist)[1] == ("B", "ready", 1)


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_the_places(
    session: Session, as_user: Client, playlist: Playlist, limit: int
) -> None:
    delete(session, "A")
    seen, path = [], f"/api/playlists/{playlist.id}/entries?limit={limit}"
    while path:
        reply = as_user.get(path)
        seen += [(one["title"], one["position"]) for one in reply.json()]
        path = next_link(reply)

    assert seen == [("A", None), ("B", 0), ("C", 1), ("D", 2)]
    assert reply.headers["x-total-count"] == "4"
