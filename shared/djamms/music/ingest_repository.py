from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session as Database

from djamms.models.system import SystemSetting
from djamms.models.track import Track, Upload, UploadState

CURSOR = "reconcile.cursor"
PENDING = (UploadState.UPLOADING, UploadState.PROCESSING)


def lock_upload(database: Database, upload_id: UUID) -> Upload | None:
    """Waits for whoever holds it, and sees what they left."""
    return database.scalar(select(Upload).where(Upload.id == upload_id).with_for_update())


def lock_arrival(database: Database, *, upload_id: UUID) -> None:
    """Held to the end of the transaction, by whoever stores the object of an upload that cannot be
    seen yet, and by who was told of that object."""
    database.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(upload_id), 0))))


def add_track(database: Database, track: Track) -> None:
    database.add(track)
    database.flush()


def mark_processing(database: Database, upload_ids: Collection[UUID]) -> None:
    """Leaves `updated_at` alone: reconciling waits from there on."""
    waiting = (Upload.id.in_(upload_ids), Upload.state == UploadState.UPLOADING)
    database.execute(
        update(Upload)
        .where(*waiting)
        .values(state=UploadState.PROCESSING, updated_at=Upload.updated_at)
        .execution_options(synchronize_session=False)
    )


def fail_upload(upload: Upload, code: str, message: str) -> None:
    upload.state = UploadState.FAILED
    upload.failure_code, upload.failure_message = code, message


def lock_idle_uploads(database: Database, ids: Collection[UUID]) -> dict[UUID, Upload]:
    """Those of these that nobody is working on."""
    found = database.scalars(
        select(Upload).where(Upload.id.in_(ids)).with_for_update(skip_locked=True)
    )
    return {upload.id: upload for upload in found}


def read_cursor(database: Database) -> str:
    """Behind which key the next run goes on; "" = from the first."""
    cursor = database.scalar(select(SystemSetting.value).where(SystemSetting.key == CURSOR))
    return str(cursor or "")


def write_cursor(database: Database, cursor: str) -> None:
    words = "Where reconcile-uploads goes on: it stopped behind this key."
    row = insert(SystemSetting).values(key=CURSOR, value=cursor, description=words)
    changed = row.on_conflict_do_update(
        index_elements=[SystemSetting.key], set_={"value": cursor, "updated_at": func.now()}
    )
    database.execute(changed)


def existing_uploads(database: Database, ids: Collection[UUID]) -> set[UUID]:
    return set(database.scalars(select(Upload.id).where(Upload.id.in_(ids))))


def lock_expired_uploads(database: Database, *, before: datetime, limit: int) -> Iterable[Upload]:
    """Pending ones whose time to arrive was over before an instant."""
    return database.scalars(
        select(Upload)
        .where(Upload.state.in_(PENDING), Upload.expires_at < before)
        .order_by(Upload.expires_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
