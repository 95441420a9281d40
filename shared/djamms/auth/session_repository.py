from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session as Database

from djamms.models.user import Session

MOST_SESSIONS = 200


def list_live(database: Database, *, user_id: UUID, now: datetime) -> Sequence[Session]:
    """The account's sessions that are still good, the one used last first."""
    statement = select(Session).where(*_live(user_id, now))
    ordered = statement.order_by(Session.last_used_at.desc(), Session.id)
    return database.scalars(ordered.limit(MOST_SESSIONS)).all()


def revoke(database: Database, session_id: UUID, *, user_id: UUID, now: datetime) -> bool:
    """Whether there was such a session of this account."""
    return bool(_revoke(database, Session.id == session_id, *_live(user_id, now), now=now))


def revoke_all(database: Database, *, user_id: UUID, now: datetime, but: UUID | None = None) -> int:
    """All live sessions of an account, `but` one; returns how many."""
    others = [Session.id != but] if but else []
    return _revoke(database, *_live(user_id, now), *others, now=now)


def _revoke(database: Database, *which: ColumnElement[bool], now: datetime) -> int:
    ended = update(Session).where(*which).values(revoked_at=now).returning(Session.id)
    return len(database.execute(ended).all())


def _live(user_id: UUID, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Session.user_id == user_id, Session.revoked_at.is_(None), Session.expires_at > now
