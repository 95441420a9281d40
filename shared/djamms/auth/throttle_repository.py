from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, case, delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session as Database

from djamms.models.account import KnownAddress, LoginThrottle

MOMENT = DateTime(timezone=True)
MOST_DOUBLINGS = 20


def add_failure(
    database: Database, key: str, *, now: datetime, free: int, longest: timedelta, quiet: timedelta
) -> bool:
    """Counts one more and sets the time that follows it; False where that time is not over yet.

    The row stays locked until the transaction ends, so that many tries at once are one by one.
    """
    failures = case(
        (LoginThrottle.last_failed_at < now - quiet, 1), else_=LoginThrottle.failures + 1
    )
    statement = insert(LoginThrottle).values(
        key=key, failures=1, blocked_until=now, last_failed_at=now
    )
    counted = statement.on_conflict_do_update(
        index_elements=[LoginThrottle.key],
        set_={
            "failures": failures,
            "blocked_until": literal(now, MOMENT) + _delay(failures, free, longest),
            "last_failed_at": now,
        },
        where=LoginThrottle.blocked_until <= now,
    )
    return database.scalar(counted.returning(LoginThrottle.failures)) is not None


def _delay(failures: ColumnElement[int], free: int, longest: timedelta) -> ColumnElement[Any]:
    """1 s after the last free failure, twice as long after each one more."""
    doublings = func.least(failures - free, MOST_DOUBLINGS)
    growing = func.least(func.power(2, doublings), longest.total_seconds())
    seconds = case((failures < free, 0), else_=growing)
    return func.make_interval(0, 0, 0, 0, 0, 0, seconds)


def blocked_until(database: Database, key: str, *, now: datetime) -> datetime | None:
    return database.scalar(
        select(LoginThrottle.blocked_until).where(
            LoginThrottle.key == key, LoginThrottle.blocked_until > now
        )
    )


def forget_failures(database: Database, *keys: str) -> None:
    """But for those that an attempt is at: it decides itself, and may wait for the account."""
    free = select(LoginThrottle.key).where(LoginThrottle.key.in_(keys))
    gone = LoginThrottle.key.in_(free.with_for_update(skip_locked=True))
    database.execute(delete(LoginThrottle).where(gone))


def is_known_address(
    database: Database, user_id: UUID, address_hash: str, *, since: datetime
) -> bool:
    found = select(KnownAddress.user_id).where(
        KnownAddress.user_id == user_id,
        KnownAddress.address_hash == address_hash,
        KnownAddress.seen_at > since,
    )
    return database.scalar(found) is not None


def remember_address(
    database: Database, user_id: UUID, address_hash: str, *, now: datetime
) -> None:
    seen = insert(KnownAddress).values(user_id=user_id, address_hash=address_hash, seen_at=now)
    database.execute(
        seen.on_conflict_do_update(
            index_elements=[KnownAddress.user_id, KnownAddress.address_hash],
            set_={"seen_at": now},
        )
    )
