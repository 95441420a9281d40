"""What people report."""

from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.errors import NotFound
from djamms.models.moderation import ContentFlag
from djamms.moderation import repository
from djamms.moderation.schemas import FlagReply, Reason
from djamms.security.principal import Principal


def flag(
    database: Database,
    *,
    principal: Principal,
    track_id: UUID | None,
    playlist_id: UUID | None,
    reason: Reason,
    note: str | None,
) -> FlagReply:
    """Raises NotFound for what the caller cannot see."""
    if not repository.can_be_flagged(
        database, principal=principal, track_id=track_id, playlist_id=playlist_id
    ):
        raise NotFound("There is no such track or public playlist.")
    added = repository.add_flag(
        database,
        reported_by=principal.user_id,
        track_id=track_id,
        playlist_id=playlist_id,
        reason=reason,
        note=note,
        now=clock.now(),
    )
    return FlagReply.model_validate(fields_of(added))


def fields_of(flag: ContentFlag) -> dict[str, object]:
    return {
        "id": str(flag.id),
        "track_id": flag.track_id and str(flag.track_id),
        "playlist_id": flag.playlist_id and str(flag.playlist_id),
        "reason": flag.reason,
        "note": flag.note,
        "state": flag.state,
        "created_at": flag.created_at,
    }
