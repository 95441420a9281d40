"""The audit log: security events, written in the transaction of what they tell of.

Names no secret: `details` is cleaned before it is stored. See docs/decisions/audit-log.md.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from djamms.models.audit import AuditEvent

REMOVED = "[removed]"
MOST_CHARACTERS = 500
SECRET_NAME = re.compile(
    r"passw|secret|token|hash|credential|authorization|cookie|api.?key", re.IGNORECASE
)
# A JWT, and `<session id>.<secret>` as refresh tokens are written.
SECRET_VALUE = re.compile(r"eyJ[\w-]+\.[\w-]+|[0-9a-f]{32}\.[\w-]{20,}|\$argon2|\$2[aby]\$")


class Event(StrEnum):
    LOGIN = "login.succeeded"
    LOGIN_FAILED = "login.failed"
    LOGOUT = "logout"
    REFRESH_REUSED = "refresh.reused"
    REGISTERED = "account.registered"
    EMAIL_CHANGED = "email.changed"
    PASSWORD_CHANGED = "password.changed"  # noqa: S105
    PASSWORD_RESET = "password.reset"  # noqa: S105
    SESSION_REVOKED = "session.revoked"
    SESSIONS_REVOKED = "sessions.revoked"
    ROLE_CHANGED = "role.changed"
    NAME_CHANGED = "name.changed"
    DEACTIVATED = "account.deactivated"
    REACTIVATED = "account.reactivated"
    DELETED = "account.deleted"
    ERASED = "account.erased"
    HANDED_OVER = "playlist.handed_over"
    LINK_CREATED = "playlist.link_created"
    LINK_REVOKED = "playlist.link_revoked"
    DELETED_BY_MODERATOR = "playlist.deleted_by_moderator"
    REINDEX_BEGUN = "search.reindex_begun"
    SCHEDULE_CREATED = "schedule.created"
    SCHEDULE_CHANGED = "schedule.changed"
    SCHEDULE_DELETED = "schedule.deleted"
    OVERRIDE_SET = "schedule.override_set"
    OVERRIDE_CANCELLED = "schedule.override_cancelled"
    STOPPED = "schedule.stopped"
    RESUMED = "schedule.resumed"
    # Written by the database itself, whichever way a setting is changed.
    SETTING_CHANGED = "setting.changed"


def record(
    database: Session,
    event: str,
    *,
    user_id: UUID | None,
    actor_id: UUID | None = None,
    source_ip: str | None = None,
    details: Mapping[str, Any] = {},
) -> None:
    """`user_id` is whom it is about, `actor_id` who did it: kept where that is someone else."""
    database.execute(
        insert(AuditEvent).values(
            event=event,
            user_id=user_id,
            actor_id=None if actor_id == user_id else actor_id,
            source_ip=source_ip,
            details=without_secrets(details),
        )
    )


def without_secrets(value: Any) -> Any:
    """The same as JSON, with what looks like a secret replaced, long texts cut."""
    if isinstance(value, Mapping):
        return {
            str(name): REMOVED if SECRET_NAME.search(str(name)) else without_secrets(one)
            for name, one in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [without_secrets(one) for one in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value).replace("\0", "")  # which JSON in the database cannot hold
    return REMOVED if SECRET_VALUE.search(text) else text[:MOST_CHARACTERS]


def forget_old(database: Session, *, limit: int) -> int:
    """Deletes at most `limit` events that the setting keeps no longer; returns how many."""
    old = AuditEvent.occurred_at < func.audit_log_kept_since()
    ids = select(AuditEvent.id).where(old).order_by(AuditEvent.occurred_at).limit(limit)
    gone = database.execute(
        delete(AuditEvent).where(AuditEvent.id.in_(ids)).returning(AuditEvent.id)
    )
    return len(gone.all())
