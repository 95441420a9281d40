from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import aliased

from djamms.auth.criteria import EventCriteria
from djamms.db.types import AnyRow
from djamms.models.audit import AuditEvent
from djamms.models.user import User


def list_events(
    database: Database, wanted: EventCriteria, *, before: int | None, offset: int, limit: int
) -> Sequence[AnyRow]:
    """Newest first, from behind the one with the id `before`."""
    user, actor = aliased(User), aliased(User)
    behind = AuditEvent.id < before if before is not None else true()
    statement = (
        select(AuditEvent, user.username.label("user"), actor.username.label("actor"))
        .outerjoin(user, user.id == AuditEvent.user_id)
        .outerjoin(actor, actor.id == AuditEvent.actor_id)
        .where(_matching(wanted), behind)
        .order_by(AuditEvent.id.desc())
    )
    return database.execute(statement.offset(offset).limit(limit)).all()


def count_events(database: Database, wanted: EventCriteria) -> int:
    statement = select(func.count()).select_from(AuditEvent).where(_matching(wanted))
    return database.scalar(statement) or 0


def _matching(wanted: EventCriteria) -> ColumnElement[bool]:
    found: ColumnElement[bool] = true()
    for column, value in (
        (AuditEvent.event, wanted.event),
        (AuditEvent.user_id, wanted.user_id),
        (AuditEvent.actor_id, wanted.actor_id),
        (AuditEvent.source_ip, wanted.source_ip),
    ):
        if value is not None:
            found &= column == value
    if wanted.since is not None:
        found &= AuditEvent.occurred_at >= wanted.since
    if wanted.until is not None:
        found &= AuditEvent.occurred_at < wanted.until
    return found
