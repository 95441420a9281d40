"""Changes of an account, and links that set a new password."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session as Database

from djamms.db.sqlstate import UNIQUE_VIOLATION, sqlstate
from djamms.models.account import PasswordReset
from djamms.models.user import Session, User


def lock_user(database: Database, user_id: UUID) -> User | None:
    return database.scalar(select(User).where(User.id == user_id, User.is_active).with_for_update())


def change_user(database: Database, user: User, values: dict[str, Any]) -> bool:
    """False where the name or the address is somebody else's; then nothing is changed."""
    try:
        with database.begin_nested():
            database.execute(update(User).where(User.id == user.id).values(**values))
    except DBAPIError as error:
        if sqlstate(error) != UNIQUE_VIOLATION:
            raise
        return False
    database.refresh(user)
    return True


def revoke_sessions(
    database: Database, user_id: UUID, *, now: datetime, but: UUID | None = None
) -> int:
    """How many ended."""
    ended = (
        update(Session)
        .where(Session.user_id == user_id, Session.revoked_at.is_(None), Session.id != but)
        .values(revoked_at=now)
        .returning(Session.id)
    )
    return len(database.scalars(ended).all())


def find_user_by_email(database: Database, email: str) -> User | None:
    return database.scalar(
        select(User).where(func.lower(User.email) == email.lower(), User.is_active)
    )


def count_resets(database: Database, user_id: UUID, *, since: datetime, but: UUID) -> int:
    counted = select(func.count()).where(
        PasswordReset.user_id == user_id, PasswordReset.created_at > since, PasswordReset.id != but
    )
    return database.scalar(counted) or 0


def save_reset(
    database: Database, *, reset_id: UUID, user_id: UUID, token_hash: str, expires_at: datetime
) -> None:
    """A message that comes twice gets a new token, as only its hash was kept."""
    made = insert(PasswordReset).values(
        id=reset_id, user_id=user_id, token_hash=token_hash, expires_at=expires_at
    )
    database.execute(
        made.on_conflict_do_update(
            index_elements=[PasswordReset.id],
            set_={"token_hash": token_hash},
            where=PasswordReset.used_at.is_(None),
        )
    )


def use_reset(database: Database, hashes: Collection[str], *, now: datetime) -> UUID | None:
    """Whose it is; a second use finds nothing, also at the same moment."""
    used = (
        update(PasswordReset)
        .where(
            PasswordReset.token_hash.in_(hashes),
            PasswordReset.used_at.is_(None),
            PasswordReset.expires_at > now,
        )
        .values(used_at=now)
        .returning(PasswordReset.user_id)
    )
    return database.scalar(used)


def withdraw_resets(database: Database, user_id: UUID, *, now: datetime) -> None:
    database.execute(
        update(PasswordReset)
        .where(PasswordReset.user_id == user_id, PasswordReset.used_at.is_(None))
        .values(used_at=now)
    )


def bcrypt_hashes_exist(database: Database) -> bool:
    found = select(User.id).where(User.password_hash.like("$2%")).limit(1)
    return database.scalar(found) is not None
