from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from djamms.api.limits import address_of
from djamms.api.paging import Limit, PageNumber, describe_page
from djamms.api.route import Caller, Database, create_router, needs
from djamms.auth import erasing, users
from djamms.auth.criteria import AccountCriteria
from djamms.auth.session_schemas import SessionsRevoked
from djamms.auth.user_schemas import Account, AccountChanges, AccountDeleted, AccountDetails
from djamms.models.user import Role
from djamms.security.permissions import Permission
from djamms.security.principal import Principal

ADMIN = needs(Permission.ADMIN_SYSTEM)
LAST_ADMIN: dict[int | str, dict[str, str]] = {409: {"description": users.LAST_ADMIN}}

router = create_router("/api/auth/users", tag="auth")


@router.get("", openapi_extra=ADMIN)
async def list_users(
    request: Request,
    response: Response,
    database: Database,
    *,
    q: Annotated[str | None, Query(max_length=255)] = None,
    role: Role | None = None,
    active: bool | None = None,
    page: PageNumber = 1,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
    limit: Limit = 100,
) -> list[Account]:
    """By user name; `q` is looked for in user name, address and name."""
    listing = users.list_accounts(
        database,
        AccountCriteria(words=q, role=role, is_active=active),
        page=page,
        cursor=cursor,
        limit=limit,
    )
    describe_page(request, response, total=listing.total, cursor=listing.next_cursor, page=page)
    return listing.accounts


@router.get("/{user_id}", openapi_extra=ADMIN)
async def get_user_account(user_id: UUID, database: Database) -> AccountDetails:
    return users.get_account(database, user_id=user_id)


@router.put("/{user_id}", openapi_extra=ADMIN, responses=LAST_ADMIN)
async def change_user_account(
    user_id: UUID, body: AccountChanges, request: Request, database: Database, caller: Caller
) -> AccountDetails:
    """Role and deactivation take effect at once; `isActive: true` also brings back an account that
    was deleted a short while ago."""
    changes = body.model_dump(exclude_unset=True)
    return users.change_account(database, act(request, caller), user_id=user_id, changes=changes)


@router.post("/{user_id}/revoke-sessions", openapi_extra=ADMIN)
async def revoke_user_sessions(
    user_id: UUID, request: Request, database: Database, caller: Caller
) -> SessionsRevoked:
    revoked = users.sign_out(database, act(request, caller), user_id=user_id)
    return SessionsRevoked(revoked=revoked)


@router.delete("/{user_id}", openapi_extra=ADMIN, responses=LAST_ADMIN)
async def delete_user_account(
    user_id: UUID,
    request: Request,
    database: Database,
    caller: Caller,
    *,
    transfer_to: Annotated[UUID | None, Query(alias="transferTo")] = None,
    erase: bool = False,
) -> AccountDeleted:
    """Public playlists pass to the account `transferTo`, or to the installation. Private ones,
    favorites and histories go after a time of grace; with `erase` at the next clean-up.
    Uploads stay."""
    return erasing.delete_account(
        database, act(request, caller), user_id=user_id, heir=transfer_to, at_once=erase
    )


def act(request: Request, caller: Principal) -> users.Act:
    return users.Act(principal=caller, source_ip=address_of(request))
