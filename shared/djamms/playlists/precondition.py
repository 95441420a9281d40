"""What a caller who edits an order says that they saw."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms.errors import Conflict, PreconditionFailed, Unprocessable
from djamms.models.playlist import Playlist
from djamms.playlists.rule_based import check_by_hand
from djamms.playlists.schemas import PlaylistReply
from djamms.playlists.service import get_playlist, lock, order_reply
from djamms.security.principal import Principal


@dataclass(frozen=True, slots=True)
class Expected:
    """A version, or a check of the playlist as it was sent; neither = whatever there is."""

    version: int | None = None
    check: Callable[[PlaylistReply], None] | None = None

    @property
    def is_stated(self) -> bool:
        return self.version is not None or self.check is not None


ANYTHING = Expected()


def lock_expected(
    database: Database,
    *,
    principal: Principal,
    playlist_id: UUID,
    expected: Expected,
    is_required: bool = False,
    by_hand: bool = True,
) -> Playlist:
    """`by_hand`: for an edit of entries, which one that fills itself refuses. Raises Conflict with
    the order as it is, NotFound, Forbidden, Unprocessable."""
    if is_required and not expected.is_stated:
        reason = "give the version that you saw, or If-Match"
        raise Unprocessable(
            f"A new order needs an old one: {reason}.",
            details=[{"field": "version", "reason": reason}],
        )
    playlist = lock(database, principal=principal, playlist_id=playlist_id)
    if by_hand:
        check_by_hand(playlist)
    if not _is_met(database, principal, playlist, expected):
        current = order_reply(database, principal=principal, playlist_id=playlist_id)
        raise Conflict(
            "Someone else changed this playlist meanwhile. Here is its order as it is now.",
            details=[
                {
                    "field": "version",
                    "reason": f"it is {playlist.version} now",
                    "version": playlist.version,
                    "entryIds": current.entry_ids,
                }
            ],
        )
    return playlist


def _is_met(
    database: Database, principal: Principal, playlist: Playlist, expected: Expected
) -> bool:
    if expected.version is not None and expected.version != playlist.version:
        return False
    if expected.check is None:
        return True
    try:
        expected.check(get_playlist(database, principal=principal, playlist_id=playlist.id))
    except PreconditionFailed:
        return False
    return True
