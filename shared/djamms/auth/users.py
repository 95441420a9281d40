"""Accounts, for administrators: find, change, sign out."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.auth import session_repository, user_repository
from djamms.auth.criteria import AccountCriteria
from djamms.auth.user_schemas import Account, AccountDetails
from djamms.db.cursors import decode_cursor, encode_cursor, refusing_made_up
from djamms.errors import Conflict, NotFound
from djamms.models.user import Role, User
from djamms.security import audit
from djamms.security.audit import Event
from djamms.security.principal import Principal

LAST_ADMIN = "This is the last administrator. Make someone else one first."


@dataclass(frozen=True, slots=True)
class Accounts:
    accounts: list[Account]
    total: int
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Act:
    """Who does it, and from where: for the audit log."""

    principal: Principal
    source_ip: str | None

    def record(self, database: Database, event: Event, user_id: UUID, **details: Any) -> None:
        audit.record(
            database,
            event,
            user_id=user_id,
            actor_id=self.principal.user_id,
            source_ip=self.source_ip,
            details=details,
        )


def list_accounts(
    database: Database, wanted: AccountCriteria, *, page: int, cursor: str | None, limit: int
) -> Accounts:
    rows = user_repository.list_users(
        database,
        wanted,
        after=_read_cursor(cursor) if cursor else None,
        offset=0 if cursor else (page - 1) * limit,
        limit=limit + 1,
    )
    shown, more = rows[:limit], len(rows) > limit
    return Accounts(
        accounts=[Account(**fields(user)) for user in shown],
        total=user_repository.count_users(database, wanted),
        next_cursor=encode_cursor([shown[-1].username.lower()]) if more else None,
    )


def get_account(database: Database, *, user_id: UUID) -> AccountDetails:
    user = found(user_repository.find_user(database, user_id))
    belongings = user_repository.count_belongings(database, user_id, now=clock.now())
    return AccountDetails(
        **fields(user),
        sessions=belongings.sessions,
        playlists=belongings.playlists,
        public_playlists=belongings.public_playlists,
        uploads=belongings.uploads,
    )


def change_account(
    database: Database, act: Act, *, user_id: UUID, changes: dict[str, Any]
) -> AccountDetails:
    """Takes effect at once. Raises NotFound; Conflict for the last administrator, and for an
    account that comes back too late."""
    user = lock(database, user_id, loses_admin=_loses_admin(changes))
    if changes.get("role", user.role) != user.role:
        before, user.role = user.role, changes["role"]
        act.record(database, Event.ROLE_CHANGED, user_id, before=before, after=user.role)
    if "name" in changes and changes["name"] != user.name:
        user.name = changes["name"]
        act.record(database, Event.NAME_CHANGED, user_id)
    if changes.get("is_active", user.is_active) != user.is_active:
        _switch(database, act, user)
    database.flush()
    return get_account(database, user_id=user_id)


def _loses_admin(changes: dict[str, Any]) -> bool:
    return changes.get("role", Role.ADMIN) != Role.ADMIN or changes.get("is_active") is False


def _switch(database: Database, act: Act, user: User) -> None:
    """On or off; a deleted account that is switched on stays. Raises Conflict where it is late."""
    if user.erase_after is not None and user.erase_after <= clock.now():
        raise Conflict("This account is being erased.")
    user.is_active = not user.is_active
    if user.is_active:
        user.deleted_at = user.erase_after = None
        act.record(database, Event.REACTIVATED, user.id)
    else:
        ended = session_repository.revoke_all(database, user_id=user.id, now=clock.now())
        act.record(database, Event.DEACTIVATED, user.id, sessions=ended)


def sign_out(database: Database, act: Act, *, user_id: UUID) -> int:
    """Ends all of an account's sessions; returns how many. Raises NotFound."""
    found(user_repository.find_user(database, user_id))
    ended = session_repository.revoke_all(database, user_id=user_id, now=clock.now())
    if ended:
        act.record(database, Event.SESSIONS_REVOKED, user_id, sessions=ended)
    return ended


def lock(database: Database, user_id: UUID, *, loses_admin: bool) -> User:
    """The account, for a change. Raises NotFound, Conflict where none would be left to
    administrate."""
    admins = user_repository.lock_admins(database) if loses_admin else []
    user = found(user_repository.lock_user(database, user_id))
    if loses_admin and list(admins) == [user_id]:
        raise Conflict(LAST_ADMIN)
    return user


def found(user: User | None) -> User:
    if user is None:
        raise NotFound("There is no such account.")
    return user


def fields(user: User) -> dict[str, Any]:
    return {
        "id": str(user.id),
        "username": user.username,
        "email": user.email,
        "name": user.name or user.username,
        "role": user.role,
        "is_active": user.is_active,
        "created_at": user.created_at,
        "updated_at": user.updated_at,
        "last_login": user.last_login,
        "deleted_at": user.deleted_at,
        "erase_after": user.erase_after,
    }


def _read_cursor(cursor: str) -> str:
    """Raises BadRequest for one that was made up."""
    with refusing_made_up():
        [username] = decode_cursor(cursor)
        if not isinstance(username, str) or "\0" in username:
            raise TypeError("no user name")
        return username
