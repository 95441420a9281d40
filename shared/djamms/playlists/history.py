"""Each edit of a playlist leaves a version, with what it takes to get back to the one before."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.models.history import PlaylistAction
from djamms.models.playlist import Playlist
from djamms.playlists import history_repository as repository
from djamms.playlists.cover_orders import order_mosaic
from djamms.playlists.rewind import Undo
from djamms.security.principal import Principal

# What a version remembers of the playlist itself. Who may see it is no content.
FIELDS = frozenset({"name", "description", "rules"})
BATCH = 10_000


def begin(database: Database, *, principal: Principal, playlist: Playlist) -> None:
    """The first version."""
    row = _row(playlist, PlaylistAction.CREATED, made_by=principal.user_id)
    repository.add_version(database, row)


def record(
    database: Database,
    *,
    made_by: UUID | None,
    playlist: Playlist,
    action: PlaylistAction,
    changed: int,
    undo: Undo | None = None,
    renews_cover: bool = True,
) -> None:
    """The next version; its counts are those that the locked playlist has now. Its picture is made
    anew some seconds later, or else within the hour."""
    undo = undo or Undo()
    count = playlist.track_count - len(undo.added) + len(undo.removed)
    found = _row(playlist, PlaylistAction.FOUND) | {"track_count": count}
    playlist.version += 1
    playlist.updated_at = clock.now()
    new = _row(playlist, action, made_by=made_by)
    kept = {"changed": changed, "undo": undo.to_json(), "order_before": undo.order}
    if not repository.add_version(database, new | kept):
        repository.add_version(database, found)
    if renews_cover:
        order_mosaic(database, playlist.id)


def _row(
    playlist: Playlist, action: PlaylistAction, *, made_by: UUID | None = None
) -> dict[str, object]:
    return {
        "playlist_id": playlist.id,
        "version": playlist.version,
        "made_at": playlist.updated_at,
        "made_by": made_by,
        "action": action,
        "track_count": playlist.track_count,
    }


def forget_old(database: Database) -> int:
    """Deletes versions older than the system setting says; returns how many."""
    kept = timedelta(days=repository.kept_days(database))
    return repository.delete_oldest(database, before=clock.now() - kept, limit=BATCH)
