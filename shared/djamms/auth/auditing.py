"""The audit log, for administrators to read."""

from dataclasses import dataclass

from sqlalchemy.orm import Session as Database

from djamms.auth import audit_repository as repository
from djamms.auth.audit_schemas import AuditReply
from djamms.auth.criteria import EventCriteria
from djamms.db.cursors import refusing_made_up
from djamms.db.types import AnyRow
from djamms.models.audit import AuditEvent

LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Events:
    events: list[AuditReply]
    total: int
    next_cursor: str | None


def list_events(
    database: Database, wanted: EventCriteria, *, page: int, cursor: str | None, limit: int
) -> Events:
    rows = repository.list_events(
        database,
        wanted,
        before=_read_cursor(cursor) if cursor else None,
        offset=0 if cursor else (page - 1) * limit,
        limit=limit + 1,
    )
    shown, more = rows[:limit], len(rows) > limit
    return Events(
        events=[_reply(row) for row in shown],
        total=repository.count_events(database, wanted),
        next_cursor=str(shown[-1].AuditEvent.id) if more else None,
    )


def _read_cursor(cursor: str) -> int:
    """Raises BadRequest for one that was made up."""
    with refusing_made_up():
        place = int(cursor)
        if not 0 < place <= LARGEST_ID:
            raise ValueError("no such place")
        return place


def _reply(row: AnyRow) -> AuditReply:
    one: AuditEvent = row.AuditEvent
    return AuditReply(
        id=str(one.id),
        occurred_at=one.occurred_at,
        event=one.event,
        user_id=one.user_id and str(one.user_id),
        user=row.user,
        actor_id=one.actor_id and str(one.actor_id),
        actor=row.actor,
        source_ip=one.source_ip,
        details=one.details,
    )
