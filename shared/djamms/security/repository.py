from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.models.system import SystemSetting
from djamms.models.user import Session, User

GUEST_ACCESS = "guest.access"


def find_signed_in(database: Database, *, user_id: UUID, session_id: UUID) -> Row[str] | None:
    """The role of a user whose session is still good; logout and deactivation count at once."""
    return database.execute(
        select(User.role)
        .join(Session, Session.user_id == User.id)
        .where(
            User.id == user_id,
            User.is_active,
            Session.id == session_id,
            Session.revoked_at.is_(None),
            Session.expires_at > clock.now(),
        )
    ).first()


def guests_are_welcome(database: Database) -> bool:
    value = database.scalar(select(SystemSetting.value).where(SystemSetting.key == GUEST_ACCESS))
    return value is not False
