"""The sign-ins of one account: look at them, end them."""

from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.auth import session_repository as repository
from djamms.auth.devices import describe_device
from djamms.auth.session_schemas import SessionReply
from djamms.errors import NotFound, Unauthenticated
from djamms.models.user import Session
from djamms.security import audit
from djamms.security.audit import Event
from djamms.security.principal import Principal


def list_sessions(database: Database, *, principal: Principal) -> list[SessionReply]:
    found = repository.list_live(database, user_id=_account(principal), now=clock.now())
    return [_reply(one, is_current=one.id == principal.session_id) for one in found]


def revoke_session(
    database: Database, *, principal: Principal, session_id: UUID, source_ip: str | None
) -> None:
    """Raises NotFound, also for someone else's."""
    user_id = _account(principal)
    if not repository.revoke(database, session_id, user_id=user_id, now=clock.now()):
        raise NotFound("There is no such session.")
    audit.record(
        database,
        Event.SESSION_REVOKED,
        user_id=user_id,
        source_ip=source_ip,
        details={"session": session_id},
    )


def revoke_sessions(
    database: Database, *, principal: Principal, with_current: bool, source_ip: str | None
) -> int:
    """All others, or all; returns how many it were."""
    user_id = _account(principal)
    kept = None if with_current else principal.session_id
    revoked = repository.revoke_all(database, user_id=user_id, now=clock.now(), but=kept)
    if revoked:
        audit.record(
            database,
            Event.SESSIONS_REVOKED,
            user_id=user_id,
            source_ip=source_ip,
            details={"sessions": revoked},
        )
    return revoked


def _account(principal: Principal) -> UUID:
    if principal.user_id is None:
        raise Unauthenticated
    return principal.user_id


def _reply(session: Session, *, is_current: bool) -> SessionReply:
    return SessionReply(
        id=str(session.id),
        device=describe_device(session.user_agent),
        user_agent=session.user_agent,
        source_ip=session.source_ip,
        created_at=session.created_at,
        last_used_at=max(session.last_used_at, session.refreshed_at),
        expires_at=session.expires_at,
        is_current=is_current,
    )
