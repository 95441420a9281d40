"""A small file that came with the request."""

from botocore.exceptions import BotoCoreError, ClientError
from sqlalchemy.orm import Session as Database

from djamms.errors import Unavailable
from djamms.models.track import Upload
from djamms.music import repository
from djamms.music.ingest_repository import lock_arrival
from djamms.music.presenter import upload_reply
from djamms.music.schemas import TrackReply
from djamms.music.service import new_upload
from djamms.security.principal import Principal
from djamms.storage import store


def receive_upload(
    database: Database,
    *,
    principal: Principal,
    filename: str,
    content_type: str,
    content: bytes,
    is_public: bool,
    correlation_id: str,
) -> TrackReply:
    """Stored before the commit, so that nothing is promised that is not there.

    Should the commit fail, an object without an upload is left, which nobody reads and the bucket
    expires. Raises Unavailable.
    """
    upload = new_upload(
        principal,
        filename=filename,
        content_type=content_type,
        size_bytes=len(content),
        is_public=is_public,
        correlation_id=correlation_id,
    )
    repository.add_uploads(database, [upload])
    # The object's event may be quicker than the commit: `ingest` waits for this lock.
    lock_arrival(database, upload_id=upload.id)
    _put(upload, content)
    return upload_reply(upload)


def _put(upload: Upload, content: bytes) -> None:
    try:
        store.media_store().put(
            upload.object_key,
            content,
            content_type=upload.content_type,
            cache=store.PRIVATE_FOR_EVER,
        )
    except (BotoCoreError, ClientError) as error:
        raise Unavailable(
            "The file could not be stored, so nothing was kept. Send it again."
        ) from error
