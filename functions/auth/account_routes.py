"""One's own account: the profile, and a forgotten password."""

from fastapi import Request

from djamms.api.limits import address_of, at_most
from djamms.api.route import Caller, Database, create_router, public, signed_in
from djamms.auth import profile, resets
from djamms.auth.account_schemas import (
    PasswordChanged,
    PasswordConfirmation,
    PasswordResetRequest,
    ProfileChange,
    ResetAccepted,
)
from djamms.auth.schemas import UserReply
from functions.auth.routes import user_reply

router = create_router("/api/auth", tag="auth")


@router.put(
    "/user",
    openapi_extra=signed_in() | at_most(600, seconds=3600),
    responses={
        403: {"description": "The current password is wrong."},
        409: {"description": "The user name or the address is taken."},
        429: {"description": "Too many wrong passwords; `Retry-After` says how long to wait."},
    },
)
async def update_user(
    body: ProfileChange, request: Request, database: Database, caller: Caller
) -> UserReply:
    """Changes what is sent. `email` and `password` need `currentPassword`; a new password ends all
    other sessions. `preferences` are merged key by key, and null takes a key away."""
    user = profile.update_profile(
        database,
        principal=caller,
        changes=body.changes(),
        current_password=body.current_password,
        source_ip=address_of(request),
    )
    return user_reply(user)


@router.post("/password-reset", status_code=202, openapi_extra=public() | at_most(60, seconds=3600))
async def request_password_reset(body: PasswordResetRequest, request: Request) -> ResetAccepted:
    """Sends a link by mail, if there is such an account; the answer does not say."""
    resets.ask(body.email, correlation_id=request.state.request_id)
    return ResetAccepted(accepted=True)


@router.post(
    "/password-confirm",
    openapi_extra=public() | at_most(60, seconds=3600),
    responses={400: {"description": "The link was used, has expired or never was."}},
)
async def confirm_password(
    body: PasswordConfirmation, request: Request, database: Database
) -> PasswordChanged:
    """Sets a new password by the token of the link, and ends all sessions."""
    source_ip = address_of(request)
    resets.confirm(database, token=body.token, password=body.password, source_ip=source_ip)
    return PasswordChanged(changed=True)
