"""What waits for moderators, and what they did."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow
from djamms.errors import NotFound
from djamms.models.moderation import ModerationAct
from djamms.moderation import queue_repository, repository
from djamms.moderation.flags import fields_of
from djamms.moderation.schemas import (
    Act,
    ActReply,
    Case,
    CaseDetails,
    QueueState,
    ReportReply,
    ThingState,
)

MOST_SHOWN = 100
ONE = "one"


def list_cases(
    database: Database, *, state: QueueState, page: int, limit: int
) -> tuple[list[Case], int]:
    """A page, and how many there are."""
    rows = queue_repository.list_cases(
        database, state=state, offset=(page - 1) * limit, limit=limit
    )
    total = queue_repository.count_cases(database, state=state)
    return [Case(**_fields(row)) for row in rows], total


def get_case(database: Database, *, thing_id: UUID) -> CaseDetails:
    """Raises NotFound."""
    rows = queue_repository.list_cases(database, state=ONE, limit=1, thing_id=thing_id)
    if not rows:
        raise NotFound("There is no such track or playlist.")
    flags = repository.list_flags(database, thing_id, limit=MOST_SHOWN)
    acts = repository.list_acts(database, thing_id=thing_id, limit=MOST_SHOWN)
    return CaseDetails(
        **_fields(rows[0]),
        reports=[
            ReportReply.model_validate(
                {**fields_of(flag), "reported_by": name or None, "closed_at": flag.closed_at}
            )
            for flag, name in flags
        ],
        acts=[_act(act) for act in acts],
    )


def list_acts(database: Database, *, page: int, limit: int) -> tuple[list[ActReply], int]:
    acts = repository.list_acts(database, offset=(page - 1) * limit, limit=limit)
    return [_act(act) for act in acts], repository.count_acts(database)


def _fields(row: AnyRow) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "kind": row.kind,
        "name": row.name,
        "artist": row.artist,
        "owner": row.owner,
        "owner_id": row.owner_id and str(row.owner_id),
        "state": ThingState(row.state),
        "open_flags": int(row.open_flags),
        "flags": int(row.flags),
        "reasons": row.reasons,
        "first_flagged_at": row.first_flagged_at,
        "last_flagged_at": row.last_flagged_at,
    }


def _act(act: ModerationAct) -> ActReply:
    return ActReply(
        id=str(act.id),
        act=Act(act.act),
        kind=act.kind,
        thing_id=str(act.thing_id),
        name=act.name,
        note=act.note,
        moderator=act.moderator,
        moderator_id=str(act.moderator_id),
        flags_closed=act.flags_closed,
        acted_at=act.acted_at,
    )
