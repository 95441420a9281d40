"""Each route states who may call it. The route class opens the transaction, finds out who is
calling and checks the permission, all before the body is even parsed."""

from collections.abc import Callable, Coroutine
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel
from sqlalchemy.orm import Session

from djamms.api import idempotency, limits
from djamms.db.session import reading, transaction
from djamms.errors import (
    Forbidden,
    InvalidToken,
    NotYetAvailable,
    Unauthenticated,
    Unprocessable,
)
from djamms.models.user import Role
from djamms.security import repository
from djamms.security.permissions import Permission
from djamms.security.principal import GUEST_PRINCIPAL, Principal
from djamms.security.signing import read_bearer

EXTENSION = "x-permission"
PUBLIC = "public"
SIGNED_IN = "signed-in"
MOST_DETAILS = 20
READS = frozenset({"GET", "HEAD"})
NOT_YET = NotYetAvailable.status


def needs(permission: Permission) -> dict[str, Any]:
    """For a route's `openapi_extra`: callers need this permission."""
    return {EXTENSION: permission.value}


def public() -> dict[str, Any]:
    """For a route's `openapi_extra`: anyone may call it, also where guests are not welcome."""
    return {EXTENSION: PUBLIC, "security": []}


def signed_in() -> dict[str, Any]:
    """For a route's `openapi_extra`: any account may call it, for its own things."""
    return {EXTENSION: SIGNED_IN}


class GuardedRoute(APIRoute):
    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        self.permission: str = (self.openapi_extra or {})[EXTENSION]
        self.limit = limits.read_limit(self.openapi_extra)
        if (
            self.limit is None
            and not (self.methods or set()) <= READS
            and self.status_code != NOT_YET
        ):
            self.limit = limits.WRITES
            self.openapi_extra = (self.openapi_extra or {}) | limits.at_most(**asdict(self.limit))
        self.kept = idempotency.read_kept(self.openapi_extra)
        self.words = _words(self.dependant)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            if self.limit:
                limits.count(request, self.name, self.limit, self._counted_as(request))
            with reading() if request.method in READS else transaction() as database:
                request.state.database = database
                principal = authorise(database, request, self.permission)
                request.state.principal = principal
                if self.words and self.permission != PUBLIC:
                    refuse_unknown(request, self.words)
                if self.kept:
                    return await once(database, request, principal, handle, self.kept)
                return await handle(request)

        return guarded

    def _counted_as(self, request: Request) -> str:
        """Who signs in is nobody yet: an account at hand must not buy more attempts."""
        account = "" if self.permission == PUBLIC else limits.account_of(request)
        return account or limits.network_at(request)


def _words(dependant: Dependant) -> frozenset[str]:
    """What may stand behind the question mark of the route's address."""
    words: set[str] = set()
    for field in dependant.query_params:
        model = field.field_info.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            fields = model.model_fields.items()
            words |= {word for name, one in fields for word in (name, one.alias) if word}
        else:
            words.add(field.alias)
    return frozenset(words)


def refuse_unknown(request: Request, words: frozenset[str]) -> None:
    """A misspelt filter would leave everything in, a misspelt wish would not be met. Raises
    Unprocessable."""
    if unknown := sorted(request.query_params.keys() - words):
        known = ", ".join(sorted(word for word in words if "_" not in word))
        reason = f"unknown parameter; known are: {known}"
        details = [{"field": word[:50], "reason": reason} for word in unknown[:MOST_DETAILS]]
        named = ", ".join(word["field"] for word in details)
        raise Unprocessable(f"{named}: {reason}", details=details)


async def once(
    database: Session,
    request: Request,
    principal: Principal,
    handle: Callable[[Request], Coroutine[Any, Any, Response]],
    kept: timedelta,
) -> Response:
    """Handles the request, but for one that repeats an Idempotency-Key."""
    user_id = principal.user_id
    if user_id is None or idempotency.HEADER not in request.headers:
        return await handle(request)
    if reply := await idempotency.replay(database, request, user_id, kept):
        return reply
    response = await handle(request)
    idempotency.keep(database, request, user_id, response)
    return response


def authorise(database: Session, request: Request, permission: str) -> Principal:
    """The caller, or Unauthenticated, InvalidToken (also for a public route), Forbidden."""
    principal = identify(database, request)
    if permission == PUBLIC:
        return principal
    allowed = may_call(principal, permission)
    if principal.is_anonymous and not (allowed and repository.guests_are_welcome(database)):
        raise Unauthenticated
    if not allowed:
        raise Forbidden(f"This needs the permission {permission}, which your role does not have.")
    return principal


def may_call(principal: Principal, permission: str) -> bool:
    """Where guests are welcome. A guest's account is an account: it has things of its own."""
    if permission in {PUBLIC, SIGNED_IN}:
        return permission == PUBLIC or not principal.is_anonymous
    return permission in principal.permissions


def identify(database: Session, request: Request) -> Principal:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if not scheme:
        return GUEST_PRINCIPAL
    if scheme.lower() != "bearer":
        raise InvalidToken("Only bearer tokens are accepted.")
    claims = read_bearer(token.strip())
    row = repository.find_signed_in(database, user_id=claims.user_id, session_id=claims.session_id)
    if row is None:
        raise InvalidToken
    if request.method in READS:  # by itself: what writes would keep the session locked to its end
        repository.note_use(database, claims.session_id, last=row.last_used_at)
    return Principal(user_id=claims.user_id, role=Role(row.role), session_id=claims.session_id)


async def _database(request: Request) -> Session:
    database: Session = request.state.database
    return database


async def _principal(request: Request) -> Principal:
    principal: Principal = request.state.principal
    return principal


Database = Annotated[Session, Depends(_database)]
Caller = Annotated[Principal, Depends(_principal)]


def create_router(prefix: str, *, tag: str) -> APIRouter:
    return APIRouter(prefix=prefix, tags=[tag], route_class=GuardedRoute)


def not_yet(router: APIRouter, method: str, path: str, permission: dict[str, Any]) -> None:
    """An endpoint that a later version serves: 501, for those who may call it."""

    async def endpoint() -> None:
        raise NotYetAvailable

    name = f"{method.lower()}_{path.strip('/').replace('/', '_').replace('{', '').replace('}', '')}"
    router.add_api_route(
        path,
        endpoint,
        methods=[method],
        name=name,
        summary="Not available yet",
        # The only answer that the description knows: it promises no 200.
        status_code=NotYetAvailable.status,
        response_description="This version does not offer this yet.",
        openapi_extra=permission,
    )
