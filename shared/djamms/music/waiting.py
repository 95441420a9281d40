"""What a person has uploaded that is no track yet: still coming, being read, or failed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms.db.cursors import decode_cursor, encode_cursor, refusing_made_up
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
    return encode_cursor([upload.created_at.isoformat(), upload.id.hex])


def read_cursor(cursor: str) -> tuple[datetime, UUID]:
    """Raises BadRequest for one that was made up."""
    with refusing_made_up():
        moment, upload_id = decode_cursor(cursor)
        return datetime.fromisoformat(moment).astimezone(), UUID(hex=upload_id)
