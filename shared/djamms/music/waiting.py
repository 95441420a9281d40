"""What a person has uploaded that is no track yet: still coming, being read, or failed."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms.errors import BadRequest
from djamms.models.track import Upload, UploadState
from djamms.music import uploads_repository
from djamms.music.presenter import upload_reply
from djamms.music.schemas import TrackReply
from djamms.security.principal import Principal

WAITING = (UploadState.UPLOADING, UploadState.PROCESSING, UploadState.FAILED)


@dataclass(frozen=True, slots=True)
class Waiting:
    uploads: list[TrackReply]
    total: int
    next_cursor: str | None


def list_uploads(
    database: Database,
    *,
    principal: Principal,
    state: str | None,
    cursor: str | None,
    limit: int,
) -> Waiting:
    """One's own, for moderators everyone's."""
    states: Collection[UploadState] = (UploadState(state),) if state else WAITING
    found = uploads_repository.list_uploads(
        database,
        principal=principal,
        states=states,
        behind=read_cursor(cursor) if cursor else None,
        limit=limit + 1,
    )
    shown, more = found[:limit], len(found) > limit
    return Waiting(
        uploads=[upload_reply(upload) for upload in shown],
        total=uploads_repository.count_uploads(database, principal=principal, states=states),
        next_cursor=write_cursor(shown[-1]) if more else None,
    )


def write_cursor(upload: Upload) -> str:
    text = json.dumps([upload.created_at.isoformat(), upload.id.hex])
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[datetime, UUID]:
    """Raises BadRequest for one that was made up."""
    try:
        moment, upload_id = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        place = datetime.fromisoformat(moment).astimezone(), UUID(hex=upload_id)
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise BadRequest("The cursor is not one that this list gave out.") from error
    return place
