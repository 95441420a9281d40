from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session as Database

from djamms.models.system import SystemSetting
from djamms.models.user import Role, Session, User

OPEN_REGISTRATION = "registration.open"


def find_user_by_login(database: Database, login: str) -> User | None:
    """An active user by user name or e-mail address, in any case."""
    wanted = login.lower()
    return database.scalar(
        select(User).where(
            or_(func.lower(User.username) == wanted, func.lower(User.email) == wanted),
            User.is_active,
        )
    )


def find_user(database: Database, user_id: UUID) -> User | None:
    return database.scalar(select(User).where(User.id == user_id, User.is_active))


def add_user(
    database: Database,
    *,
    username: str,
    email: str,
    password_hash: str,
    name: str | None,
    role: Role = Role.USER,
) -> User | None:
    """The new user, or None when the user name or the address is taken."""
    return database.scalar(
        insert(User)
        .values(username=username, email=email, password_hash=password_hash, name=name, role=role)
        .on_conflict_do_nothing()
        .returning(User)
    )


def username_exists(database: Database, username: str) -> bool:
    wanted = username.lower()
    return bool(database.scalar(select(User.id).where(func.lower(User.username) == wanted)))


def registration_is_open(database: Database) -> bool:
    key = SystemSetting.key == OPEN_REGISTRATION
    return database.scalar(select(SystemSetting.value).where(key)) is not False


def add_session(
    database: Database,
    *,
    session_id: UUID,
    user_id: UUID,
    refresh_hash: str,
    expires_at: datetime,
    user_agent: str | None,
    source_ip: str | None,
) -> Session:
    session = Session(
        id=session_id,
        user_id=user_id,
        refresh_hash=refresh_hash,
        expires_at=expires_at,
        user_agent=user_agent,
        source_ip=source_ip,
    )
    database.add(session)
    database.flush()
    return session


def lock_live_session(database: Database, session_id: UUID, *, now: datetime) -> Session | None:
    """The session, locked so that two refreshes at once cannot both succeed."""
    return database.scalar(
        select(Session)
        .where(Session.id == session_id, Session.revoked_at.is_(None), Session.expires_at > now)
        .with_for_update()
    )


def revoke_session(database: Database, session_id: UUID, *, now: datetime) -> None:
    database.execute(
        update(Session)
        .where(Session.id == session_id, Session.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def admin_exists(database: Database) -> bool:
    """Whether anyone, active or not, is an administrator."""
    return database.scalar(select(User.id).where(User.role == Role.ADMIN).limit(1)) is not None
