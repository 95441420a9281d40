"""Changes of an account, and links that set a new password."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session as Database

from djamms.db.sqlstate import UNIQUE_VIOLATION, sqlstate
from djamms.models.account import PasswordReset
from djamms.models.user import User


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


def find_reset(database: Database, hashes: Collection[str], *, now: datetime) -> UUID | None:
    """Whose it is: to be locked before it is used, as a change of the profile locks them."""
    return database.scalar(select(PasswordReset.user_id).where(*_good(hashes, now)))


def use_reset(database: Database, hashes: Collection[str], *, now: datetime) -> bool:
    """Whether it was good; a second use finds nothing, also at the same moment."""
    used = update(PasswordReset).where(*_good(hashes, now)).values(used_at=now)
    return database.scalar(used.returning(PasswordReset.id)) is not None


def _good(hashes: Collection[str], now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        PasswordReset.token_hash.in_(hashes),
        PasswordReset.used_at.is_(None),
        PasswordReset.expires_at > now,
    )


def withdraw_resets(database: Database, user_id: UUID, *, now: datetime) -> None:
    database.execute(
        update(PasswordReset)
        .where(PasswordReset.user_id == user_id, PasswordReset.used_at.is_(None))
        .values(used_at=now)
    )


def bcrypt_hashes_exist(database: Database) -> bool:
    found = select(User.id).where(User.password_hash.like("$2%")).limit(1)
    return database.scalar(found) is not None
