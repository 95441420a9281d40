"""Deleted tracks: soon out of the CDN's reach, restorable for a month, then a tombstone.

The row stays for ever, so that playlist entries, favorites and histories know what was there.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.errors import Conflict, NotFound
from djamms.models.track import Track
from djamms.music import trash_repository as repository
from djamms.observability import logger
from djamms.storage.keys import ArtworkSize, artwork_key, restored_key, trash_key
from djamms.storage.store import ObjectMissing, ObjectStore

BATCH = 100
# A tombstone's key: what lay there is gone.
NOWHERE = ""


@dataclass(slots=True)
class Emptied:
    moved: int = 0
    erased: int = 0
    is_complete: bool = True


def empty_trash(database: Database, *, store: ObjectStore) -> Emptied:
    """One bounded run: moves what was deleted, erases what was deleted long ago."""
    retention = timedelta(days=repository.retention_days(database))
    report = Emptied()
    for track in repository.lock_deleted(database, limit=BATCH):
        report.moved += _move(store, track, trash_key(track.object_key))
    old = repository.lock_expired(database, before=clock.now() - retention, limit=BATCH)
    for track in old:
        _erase(store, track)
    report.erased = len(old)
    report.is_complete = report.moved < BATCH and report.erased < BATCH
    return report


def restore(database: Database, *, store: ObjectStore, track_id: UUID) -> Track:
    """Brings a deleted track back; raises NotFound, or Conflict when its sound is gone."""
    track = repository.lock_inactive(database, track_id)
    if track is None:
        raise NotFound("There is no such deleted track.")
    if track.object_key == NOWHERE:
        raise Conflict("This track was deleted too long ago: its sound is gone.")
    _move(store, track, restored_key(track.object_key))
    track.is_active, track.deleted_at, track.updated_at = True, None, clock.now()
    database.flush()
    return track


def _move(store: ObjectStore, track: Track, key: str) -> bool:
    """Copies first: a crash leaves an object twice, never nowhere."""
    if key == track.object_key:
        return False
    back = key == restored_key(key)
    for old in (track.object_key, *artwork_keys(track, in_trash=back)):
        new = restored_key(old) if back else trash_key(old)
        try:
            store.duplicate(old, new)
        except ObjectMissing:
            logger.warning("object_missing", extra={"track_id": str(track.id), "key": old})
            continue
        store.delete(old)
    track.object_key = key
    return True


def _erase(store: ObjectStore, track: Track) -> None:
    for key in (track.object_key, *artwork_keys(track, in_trash=True)):
        store.delete(key)
    track.object_key, track.thumbnail_key = NOWHERE, None


def artwork_keys(track: Track, *, in_trash: bool) -> list[str]:
    if track.thumbnail_key is None:
        return []
    keys = [artwork_key(track.id, size) for size in ArtworkSize]
    return [trash_key(key) for key in keys] if in_trash else keys
