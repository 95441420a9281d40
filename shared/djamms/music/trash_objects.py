"""A track's objects, in their place and in the trash: copied first, removed after the commit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import batched
from uuid import UUID

from botocore.exceptions import BotoCoreError, ClientError

from djamms.observability import logger
from djamms.storage.keys import ArtworkSize, artwork_key, restored_key, trash_key
from djamms.storage.store import ObjectMissing, ObjectStore

# What S3 deletes in one request.
MAX_KEYS = 1000


@dataclass(frozen=True, slots=True)
class TrackObjects:
    track_id: UUID
    object_key: str
    has_artwork: bool

    @property
    def in_place(self) -> list[str]:
        """The sound first: where it was not moved, nothing was."""
        artwork = (artwork_key(self.track_id, size) for size in ArtworkSize)
        return [restored_key(self.object_key), *(artwork if self.has_artwork else ())]

    @property
    def in_trash(self) -> list[str]:
        return [trash_key(key) for key in self.in_place]

    @property
    def is_moved(self) -> bool:
        return self.object_key == trash_key(self.object_key)


def copy_to_trash(store: ObjectStore, objects: TrackObjects) -> None:
    for key in objects.in_place:
        if not _copy(store, key, trash_key(key)):
            _warn(objects, key)


def copy_back(store: ObjectStore, objects: TrackObjects) -> bool:
    """Whether anything can lie in the trash. What the row says may be behind: a move that was cut
    short is found under either key."""
    sound, *artwork = objects.in_trash
    found = _copy(store, sound, restored_key(sound))
    if not found and not objects.is_moved:
        return False
    missing = [key for key in artwork if not _copy(store, key, restored_key(key))]
    for key in missing if found else [sound, *missing]:
        _warn(objects, key)
    return True


def remove(store: ObjectStore, keys: Sequence[str]) -> bool:
    """Whether all are gone. What was committed stands, so that a failure is told, not raised."""
    try:
        kept = [
            key for part in batched(keys, MAX_KEYS, strict=False) for key in store.delete_all(part)
        ]
    except (BotoCoreError, ClientError):
        logger.exception("objects_not_deleted", extra={"keys": keys})
        return False
    if kept:
        logger.error("objects_not_deleted", extra={"keys": kept})
    return not kept


def all_keys(tracks: Iterable[TrackObjects]) -> list[str]:
    return [key for track in tracks for key in (*track.in_trash, *track.in_place)]


def _copy(store: ObjectStore, key: str, to: str) -> bool:
    try:
        store.duplicate(key, to)
    except ObjectMissing:
        return False
    return True


def _warn(objects: TrackObjects, key: str) -> None:
    logger.warning("object_missing", extra={"track_id": str(objects.track_id), "key": key})
