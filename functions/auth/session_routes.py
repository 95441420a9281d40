from uuid import UUID

from fastapi import Request

from djamms.api.limits import address_of
from djamms.api.route import Caller, Database, create_router, signed_in
from djamms.api.schema import Deleted
from djamms.auth import sessions
from djamms.auth.session_schemas import SessionReply, SessionsRevoked

router = create_router("/api/auth/sessions", tag="auth")


@router.get("", openapi_extra=signed_in())
async def list_sessions(database: Database, caller: Caller) -> list[SessionReply]:
    """Where this account is signed in, the session used last first."""
    return sessions.list_sessions(database, principal=caller)


@router.delete("", openapi_extra=signed_in())
async def revoke_sessions(
    request: Request, database: Database, caller: Caller, *, current: bool = False
) -> SessionsRevoked:
    """Ends all sessions of this account but the one that asks; with `current` that one too."""
    revoked = sessions.revoke_sessions(
        database, principal=caller, with_current=current, source_ip=address_of(request)
    )
    return SessionsRevoked(revoked=revoked)


@router.delete("/{session_id}", openapi_extra=signed_in())
async def revoke_session(
    session_id: UUID, request: Request, database: Database, caller: Caller
) -> Deleted:
    """Takes effect at once, also for access tokens that are still valid."""
    sessions.revoke_session(
        database, principal=caller, session_id=session_id, source_ip=address_of(request)
    )
    return Deleted(id=str(session_id), deleted=True)
