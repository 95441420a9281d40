"""Presigned uploads: the browser posts the file to the bucket; a Lambda never sees its bytes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from djamms.config import config
from djamms.storage.client import s3_client

MAX_UPLOAD_BYTES = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class PresignedUpload:
    """A POST form (S3 SigV4 policy): send `fields` in order, then the file as `file`."""

    url: str
    fields: dict[str, str]
    expires_at: datetime


def presign_upload(
    key: str, *, content_type: str, size_bytes: int, now: datetime, lifetime: timedelta
) -> PresignedUpload:
    """Allows one object up to the announced size under exactly this key, until it expires.

    S3 answers 400 EntityTooLarge to a larger one.
    """
    form = s3_client().generate_presigned_post(
        Bucket=config.media_bucket,
        Key=key,
        Fields={"Content-Type": content_type},
        Conditions=[
            {"Content-Type": content_type},
            ["content-length-range", 1, size_bytes],
        ],
        ExpiresIn=int(lifetime.total_seconds()),
    )
    return PresignedUpload(form["url"], form["fields"], now + lifetime)
