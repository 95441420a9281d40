"""Taking back an upload that is not a track yet."""

from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.db.session import after_commit
from djamms.models.track import CANCELLED, UploadState
from djamms.music import repository
from djamms.security.principal import Principal


def cancel_upload(database: Database, *, principal: Principal, upload_id: UUID) -> bool:
    """Whether there is such an upload, taken back now or before; False once it is a track.

    The row stays: an event that comes late, or a file sent while the form was still valid, finds
    it, and `ingest` removes the object.
    """
    upload = repository.lock_upload(database, principal=principal, upload_id=upload_id)
    if upload is None or upload.state == UploadState.READY:
        return False
    upload.state, upload.updated_at = UploadState.FAILED, clock.now()
    upload.failure_code, upload.failure_message = CANCELLED, "The upload was taken back."
    key = upload.object_key

    def remove() -> None:
        from djamms.storage.store import media_store  # boto3: 250 ms that only this needs

        media_store().delete(key)

    after_commit(database, remove)
    return True
