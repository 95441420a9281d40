"""Bringing deleted tracks back. All rows are locked at once and in one order, all objects copied,
and only then all rows changed by one statement: from there on, the counts and the vocabulary are
locked too, which every other change to tracks waits for."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms.db.session import after_commit, transaction
from djamms.errors import Conflict, NotFound
from djamms.music import trash_repository as repository
from djamms.music.trash_objects import TrackObjects, copy_back, remove
from djamms.storage.store import ObjectStore


def restore(database: Database, *, store: ObjectStore, track_id: UUID) -> None:
    """Raises NotFound, or Conflict when its sound is gone."""
    if restore_all(database, store=store, track_ids=[track_id]):
        return
    if repository.is_deleted(database, track_id):
        raise Conflict("This track was deleted too long ago: its sound is gone.")
    raise NotFound("There is no such deleted track.")


def restore_all(
    database: Database, *, store: ObjectStore, track_ids: Sequence[UUID]
) -> Sequence[UUID]:
    """Those that lie in the trash and were not erased. One whose sound is in neither place is not
    deleted any more, but missing."""
    rows = repository.lock_restorable(database, track_ids)
    tracks = [TrackObjects(row.id, row.object_key, bool(row.thumbnail_key)) for row in rows]
    copied = [track for track in tracks if copy_back(store, track)]
    found = [track.track_id for track in tracks]
    silent = {track.track_id for track in tracks if not store.is_listed(track.in_place[0])}
    if found:
        repository.bring_back(database, found, silent=silent)
    if copied:
        after_commit(database, lambda: _remove_copied(store, copied))
    return found


def _remove_copied(store: ObjectStore, tracks: Sequence[TrackObjects]) -> None:
    """Behind a lock: since the commit a track may have gone to the trash again."""
    with transaction() as database:
        kept = set(repository.lock_in_place(database, [track.track_id for track in tracks]))
        remove(store, [key for one in tracks if one.track_id in kept for key in one.in_trash])
