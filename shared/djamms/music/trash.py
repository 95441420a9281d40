"""Deleted tracks: soon out of the CDN's reach, restorable for a month, then a tombstone.

The row stays for ever, so that playlist entries, favorites and histories know what was there.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.music import trash_repository as repository
from djamms.music.trash_objects import TrackObjects, all_keys, copy_to_trash, remove
from djamms.storage.keys import restored_key, trash_key
from djamms.storage.store import ObjectStore

BATCH = 100

type Transaction = Callable[[], AbstractContextManager[Database]]


@dataclass(slots=True)
class Emptied:
    moved: int = 0
    erased: int = 0
    is_complete: bool = True


def empty_trash(transaction: Transaction, *, store: ObjectStore) -> Emptied:
    """One bounded run: moves what was deleted, erases what was deleted long ago."""
    with transaction() as database:
        retention = timedelta(days=repository.retention_days(database))
        waiting = repository.find_deleted(database, limit=BATCH)
    moved = sum(_move(transaction, store, track_id) for track_id in waiting)
    erased = _erase(transaction, store, retention)
    return Emptied(moved, erased, is_complete=len(waiting) < BATCH and erased < BATCH)


def _move(transaction: Transaction, store: ObjectStore, track_id: UUID) -> bool:
    """Copy, commit, remove: cut short anywhere, the objects lie where the row says."""
    with transaction() as database:
        track = repository.lock_deleted(database, track_id)
        if track is None:
            return False
        objects = TrackObjects(track.id, track.object_key, track.thumbnail_key is not None)
        copy_to_trash(store, objects)
        track.object_key = trash_key(track.object_key)
    _remove_moved(transaction, store, objects)
    return True


def _remove_moved(transaction: Transaction, store: ObjectStore, objects: TrackObjects) -> None:
    """Behind a lock: since the commit the track may have been restored, and needs its objects."""
    with transaction() as database:
        track = repository.lock_moved(database, objects.track_id)
        if track is not None and not remove(store, objects.in_place):
            # The next run moves it again.
            track.object_key = restored_key(track.object_key)


def _erase(transaction: Transaction, store: ObjectStore, retention: timedelta) -> int:
    """The rows first: what says that it can be restored has its sound."""
    with transaction() as database:
        before = clock.now() - retention
        old = repository.lock_expired(database, before=before, limit=BATCH)
        objects = [
            TrackObjects(one.id, one.object_key, one.thumbnail_key is not None) for one in old
        ]
        repository.entomb(database, [one.id for one in old])
    # Under either key: a move may have been cut short before it removed the first.
    remove(store, all_keys(objects))
    return len(old)
