"""Finds uploads whose event was lost, and those that will never arrive.

Nothing is deleted here. An object without an upload is reported; an upload without an object
fails only when its time is long over, and revives should the object come after all.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain, islice
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.models.track import CANCELLED, Upload, UploadState
from djamms.music.ingest_events import IngestQueue
from djamms.music.ingest_repository import (
    existing_uploads,
    fail_upload,
    lock_expired_uploads,
    lock_idle_uploads,
    read_cursor,
    write_cursor,
)
from djamms.observability import logger
from djamms.storage.keys import UPLOADS, track_id_of
from djamms.storage.store import ObjectInfo, ObjectStore

# Waiting doubles with each attempt: 5, 10, 20, 40, 80, 160 minutes, then it is given up.
MAX_ATTEMPTS = 6
# A slow upload that began in time may still be under way.
GRACE = timedelta(minutes=15)
NEVER_ARRIVED = (
    "The file never arrived: it was not sent in time, or the storage refused it because it is "
    "empty, larger than 50 MB or not of the size that was announced. Send it again."
)
MAX_PAGES = 50
# After a day all attempts are over; older objects are looked at by the first run of each hour.
SETTLED = timedelta(days=1)
ONCE_AN_HOUR = 5
MAX_EXPIRED = 1000
SHOWN_KEYS = 10


@dataclass(slots=True)
class Reconciled:
    requeued: int = 0
    given_up: int = 0
    unknown_objects: int = 0
    # False when there were more objects than one run looks at: the next one goes on there.
    is_complete: bool = True


def reconcile_uploads(
    transaction: Callable[[], AbstractContextManager[Database]],
    *,
    store: ObjectStore,
    queue: IngestQueue,
    min_age_seconds: int = 300,
) -> Reconciled:
    """One bounded run. `min_age_seconds` is how long an event may take before it counts as lost.

    The bucket is looked at first: where nothing in it is due, the database may sleep on.
    """
    now, min_age = clock.now(), timedelta(seconds=min_age_seconds)
    pages = store.pages(UPLOADS)
    head = list(islice(pages, 2))
    is_small = len(head) < 2
    if is_small and not any(is_due(info, min_age, now) for page in head for info in page):
        return Reconciled()
    with transaction() as database:
        run = Run(database, queue, min_age, now)
        cursor = "" if is_small else read_cursor(database)
        behind = run.look_at_all(
            store.pages(UPLOADS, after=cursor) if cursor else chain(head, pages)
        )
        if behind != cursor:
            write_cursor(database, behind)
        return run.report


def is_due(info: ObjectInfo, min_age: timedelta, now: datetime) -> bool:
    """What failed lies there for days: it is no reason to wake the database every few minutes."""
    age = now - info.modified_at
    return age >= min_age and (age < SETTLED or now.minute < ONCE_AN_HOUR)


def expire_uploads(database: Database, *, store: ObjectStore) -> int:
    """Fails those whose window closed long ago and whose object is not there; returns how many."""
    late = lock_expired_uploads(database, before=clock.now() - GRACE, limit=MAX_EXPIRED)
    lost = [upload for upload in late if not any(store.pages(upload.object_key, page_size=1))]
    for upload in lost:
        fail_upload(upload, "upload_expired", NEVER_ARRIVED)
    return len(lost)


@dataclass(slots=True)
class Run:
    database: Database
    queue: IngestQueue
    min_age: timedelta
    now: datetime
    report: Reconciled = field(default_factory=Reconciled)

    def look_at_all(self, pages: Iterable[list[ObjectInfo]]) -> str:
        """Behind which key the next run is to go on; "" when the end was reached."""
        last = ""
        for number, page in enumerate(pages):
            if number == MAX_PAGES:
                self.report.is_complete = False
                return last
            self.look_at(page)
            last = page[-1].key if page else last
        return ""

    def look_at(self, page: list[ObjectInfo]) -> None:
        found = {track_id: info for info in page if (track_id := track_id_of(info.key))}
        self._report_unknown(page, existing_uploads(self.database, found))
        old = [track_id for track_id, info in found.items() if self._is_old(info.modified_at)]
        uploads = lock_idle_uploads(self.database, old)
        lost = [found[upload.id] for upload in uploads.values() if self._take(upload)]
        self.queue.announce([(info.key, info.size_bytes) for info in lost])
        self.report.requeued += len(lost)

    def _report_unknown(self, page: list[ObjectInfo], known: set[UUID]) -> None:
        keys = [info.key for info in page if track_id_of(info.key) not in known]
        self.report.unknown_objects += len(keys)
        if keys:
            shown = keys[:SHOWN_KEYS]
            logger.warning("unknown_raw_objects", extra={"count": len(keys), "keys": shown})

    def _take(self, upload: Upload) -> bool:
        """Whether its event counts as lost. Where the raw object is left over, it goes too."""
        if upload.state == UploadState.READY or upload.failure_code == CANCELLED:
            return True
        if upload.state == UploadState.FAILED or not self._is_due(upload):
            return False
        if upload.attempts >= MAX_ATTEMPTS:
            fail_upload(upload, "processing_error", "The file could not be processed.")
            self.report.given_up += 1
            return False
        upload.state, upload.updated_at = UploadState.PROCESSING, self.now
        upload.attempts += 1
        return True

    def _is_due(self, upload: Upload) -> bool:
        return upload.updated_at + self.min_age * (1 << upload.attempts) <= self.now

    def _is_old(self, instant: datetime) -> bool:
        return instant + self.min_age <= self.now
