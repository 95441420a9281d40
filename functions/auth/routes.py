from fastapi import Request

from djamms.api.limits import address_of, at_most
from djamms.api.route import Caller, Database, create_router, public, signed_in
from djamms.auth import service
from djamms.auth.schemas import (
    Credentials,
    LoggedOut,
    RefreshRequest,
    Registration,
    SignedIn,
    UserReply,
)
from djamms.models.user import Role, User
from djamms.security.permissions import PERMISSIONS

router = create_router("/api/auth", tag="auth")


@router.post(
    "/register",
    status_code=201,
    openapi_extra=public() | at_most(600, seconds=3600),
    responses={
        403: {"description": "Registration is closed. Ask an administrator for an account."},
        409: {"description": "This user name is taken."},
    },
)
async def register(body: Registration, request: Request, database: Database) -> SignedIn:
    grant = service.register(database, **body.model_dump(), device=device_of(request))
    return signed_in_reply(grant)


@router.post("/login", openapi_extra=public() | at_most(6000, seconds=60))
async def login(body: Credentials, request: Request, database: Database) -> SignedIn:
    grant = service.login(
        database, account=body.account, password=body.password, device=device_of(request)
    )
    return signed_in_reply(grant)


@router.post("/refresh", openapi_extra=public() | at_most(6000, seconds=60))
async def refresh(
    request: Request, database: Database, caller: Caller, body: RefreshRequest | None = None
) -> SignedIn:
    """Renews by `refreshToken`, or by the bearer token while it is still valid."""
    if body and body.refresh_token:
        grant = service.refresh(
            database, refresh_token=body.refresh_token, source_ip=address_of(request)
        )
        return signed_in_reply(grant)
    return signed_in_reply(service.renew_access(database, principal=caller))


@router.post("/logout", openapi_extra=signed_in())
async def logout(request: Request, database: Database, caller: Caller) -> LoggedOut:
    service.logout(database, principal=caller, source_ip=address_of(request))
    return LoggedOut(logged_out=True)


@router.get("/user", openapi_extra=signed_in())
async def get_user(database: Database, caller: Caller) -> UserReply:
    return user_reply(service.current_user(database, principal=caller))


def device_of(request: Request) -> service.Device:
    return service.Device(
        user_agent=request.headers.get("user-agent"),
        source_ip=address_of(request),
    )


def signed_in_reply(grant: service.Grant) -> SignedIn:
    return SignedIn(
        token=grant.access_token,
        refresh_token=grant.refresh_token,
        expires_in=grant.expires_in_seconds,
        user=user_reply(grant.user),
    )


def user_reply(user: User) -> UserReply:
    return UserReply(
        id=str(user.id),
        username=user.username,
        email=user.email,
        name=user.name or user.username,
        role=user.role,
        permissions=sorted(PERMISSIONS[Role(user.role)]),
        preferences=user.preferences,
        created_at=user.created_at,
        last_login=user.last_login,
    )
