from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from djamms.models.track import Track, Upload, UploadState

PENDING = (UploadState.UPLOADING, UploadState.PROCESSING)


def lock_upload(database: Database, upload_id: UUID) -> Upload | None:
    """Waits for whoever holds it, and sees what they left."""
    return database.scalar(select(Upload).where(Upload.id == upload_id).with_for_update())


def add_track(database: Database, track: Track) -> None:
    database.add(track)
    database.flush()


def fail_upload(upload: Upload, code: str, message: str) -> None:
    upload.state = UploadState.FAILED
    upload.failure_code, upload.failure_message = code, message


def lock_idle_uploads(database: Database, ids: Collection[UUID]) -> dict[UUID, Upload]:
    """Those of these that nobody is working on."""
    found = database.scalars(
        select(Upload).where(Upload.id.in_(ids)).with_for_update(skip_locked=True)
    )
    return {upload.id: upload for upload in found}


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
