"""From an uploaded object to a track: once, however often and in whatever order events arrive.

The row of the upload is locked for the whole of it. Objects are written under keys that a second
attempt writes again; the row is what makes a track exist; the raw upload goes last, after the
commit. When that fails, reconciling sends the upload here again.
"""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms.db.sqlstate import NotStorable
from djamms.media.probe import Probe, probe
from djamms.media.problems import MediaError, Problem
from djamms.media.ranged import RangedReader
from djamms.models.track import CANCELLED, Upload, UploadState
from djamms.music.ingest_artwork import store_artwork
from djamms.music.ingest_repository import (
    add_track,
    fail_upload,
    lock_arrival,
    lock_upload,
    mark_processing,
)
from djamms.music.ingest_track import build_track
from djamms.observability import logger
from djamms.storage.keys import audio_key
from djamms.storage.presign import MAX_UPLOAD_BYTES
from djamms.storage.store import PRIVATE_FOR_EVER, ObjectMissing, ObjectStore, StoredObject

type Transaction = Callable[[], AbstractContextManager[Database]]


class Result(StrEnum):
    INGESTED = "ingested"
    FAILED = "failed"
    ALREADY_READY = "already_ready"
    UNKNOWN_UPLOAD = "unknown_upload"
    OBJECT_GONE = "object_gone"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one upload. `discard_key` is the raw object that nobody needs any more."""

    track_id: UUID
    result: Result
    discard_key: str | None = None
    size_bytes: int = 0
    failure_code: str | None = None
    warnings: tuple[str, ...] = ()
    # Ranged reads of the raw object, and what they carried.
    reads: int = 0
    bytes_read: int = 0


def begin_uploads(database: Database, upload_ids: Collection[UUID]) -> None:
    """Lets people see that their files have arrived and are being read."""
    if upload_ids:
        mark_processing(database, upload_ids)


def ingest_or_give_up(transaction: Transaction, *, store: ObjectStore, track_id: UUID) -> Outcome:
    """In a transaction of its own; and one more where the database cannot hold what was read."""
    try:
        with transaction() as database:
            return ingest_upload(database, store=store, track_id=track_id)
    except NotStorable:
        logger.exception("not_storable")
    with transaction() as database:
        return give_up(database, track_id=track_id)


def ingest_upload(database: Database, *, store: ObjectStore, track_id: UUID) -> Outcome:
    """A file at fault ends in the upload's state; storage or database at fault is raised."""
    upload = lock_upload(database, track_id) or lock_late_upload(database, track_id)
    if upload is None:
        return Outcome(track_id, Result.UNKNOWN_UPLOAD)
    logger.set_correlation_id(upload.correlation_id)
    if upload.state == UploadState.READY:
        return Outcome(track_id, Result.ALREADY_READY, discard_key=upload.object_key)
    if upload.failure_code == CANCELLED:
        return Outcome(track_id, Result.CANCELLED, discard_key=upload.object_key)
    try:
        source = store.open(upload.object_key)
    except ObjectMissing:
        if upload.state == UploadState.PROCESSING:
            # Nothing is in work: it has to come (again).
            upload.state = UploadState.UPLOADING
        return Outcome(track_id, Result.OBJECT_GONE)
    try:
        return make_track(database, store, upload, source)
    except MediaError as error:
        fail_upload(upload, error.problem, error.message)
        return Outcome(track_id, Result.FAILED, size_bytes=source.size, failure_code=error.problem)


def give_up(database: Database, *, track_id: UUID) -> Outcome:
    """What the file says is more than the database holds: reading it again would end so again."""
    upload = lock_upload(database, track_id)
    if upload is None:
        return Outcome(track_id, Result.UNKNOWN_UPLOAD)
    fail_upload(upload, Problem.UNREADABLE, "What the file says of itself cannot be stored.")
    return Outcome(track_id, Result.FAILED, failure_code=Problem.UNREADABLE)


def lock_late_upload(database: Database, track_id: UUID) -> Upload | None:
    """The upload of an object that was stored a moment before the upload was committed."""
    lock_arrival(database, upload_id=track_id)
    return lock_upload(database, track_id)


def make_track(
    database: Database, store: ObjectStore, upload: Upload, source: StoredObject
) -> Outcome:
    if source.size > MAX_UPLOAD_BYTES:
        raise MediaError(Problem.TOO_LARGE)
    reader = RangedReader(source)
    probed = probe(reader, filename=upload.filename)
    artwork = store_artwork(store, upload.id, probed)
    key = store_audio(store, upload, source, probed)
    track = build_track(upload, probed, object_key=key, size_bytes=source.size, artwork=artwork)
    upload.state = UploadState.READY
    upload.failure_code = upload.failure_message = None
    add_track(database, track)
    return Outcome(
        upload.id,
        Result.INGESTED,
        discard_key=upload.object_key,
        size_bytes=source.size,
        warnings=(*probed.warnings, *artwork.warnings),
        reads=source.requests,
        bytes_read=source.bytes_read,
    )


def store_audio(store: ObjectStore, upload: Upload, source: StoredObject, probed: Probe) -> str:
    """The audio never passes through here: the bucket copies it to its final key."""
    key = audio_key(
        upload.id,
        uploaded_at=upload.created_at,
        artist=probed.tags.album_artist or probed.tags.artist,
        album=probed.tags.album,
        extension=probed.stream.format.value,
    )
    content_type = probed.stream.format.content_type
    store.copy(source, key, content_type=content_type, cache=PRIVATE_FOR_EVER)
    return key
