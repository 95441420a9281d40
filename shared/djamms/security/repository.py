import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.models.system import SystemSetting
from djamms.models.user import Session, User

GUEST_ACCESS = "guest.access"
KEPT_SECONDS = 5
USE_NOTED_EVERY = timedelta(minutes=15)


# Made once: to put such a statement together costs more than to run it.
SIGNED_IN = (
    select(User.role, Session.last_used_at)
    .join(Session, Session.user_id == User.id)
    .where(
        User.id == bindparam("user_id"),
        User.is_active,
        Session.id == bindparam("session_id"),
        Session.revoked_at.is_(None),
        Session.expires_at > bindparam("now"),
    )
)


def find_signed_in(
    database: Database, *, user_id: UUID, session_id: UUID
) -> Row[str, datetime] | None:
    """The role of a user whose session is still good, and when that was used last; logout and
    deactivation count at once."""
    values = {"user_id": user_id, "session_id": session_id, "now": clock.now()}
    return database.execute(SIGNED_IN, values).first()


def note_use(database: Database, session_id: UUID, *, last: datetime) -> None:
    """Where it is time to. Waits for nobody who has the session locked."""
    now = clock.now()
    if last >= now - USE_NOTED_EVERY:
        return
    free = select(Session.id).where(Session.id == session_id).with_for_update(skip_locked=True)
    used = update(Session).where(Session.id.in_(free)).values(last_used_at=now)
    database.execute(used.execution_options(synchronize_session=False))


def guests_are_welcome(database: Database) -> bool:
    """Read anew every few seconds: each anonymous request asks."""
    moment = time.monotonic()
    if moment >= _guests.until:
        setting = SystemSetting.key == GUEST_ACCESS
        value = database.scalar(select(SystemSetting.value).where(setting))
        _guests.welcome, _guests.until = value is not False, moment + KEPT_SECONDS
    return _guests.welcome


def forget_guest_access() -> None:
    """The next anonymous request reads the setting (it was changed here, or a test ends)."""
    _guests.until = 0.0


@dataclass(slots=True)
class _Guests:
    welcome: bool = True
    until: float = 0.0


_guests = _Guests()
