"""What lists of accounts and of security events are asked for; None leaves all in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from djamms.models.user import Role


@dataclass(frozen=True, slots=True)
class AccountCriteria:
    words: str | None = None
    role: Role | None = None
    is_active: bool | None = None


@dataclass(frozen=True, slots=True)
class EventCriteria:
    """`since` is in, `until` is not."""

    event: str | None = None
    user_id: UUID | None = None
    actor_id: UUID | None = None
    source_ip: str | None = None
    since: datetime | None = None
    until: datetime | None = None
