"""Accounts that go: what becomes of their things is in docs/decisions/deleted-accounts.md."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.auth import session_repository, user_repository, users
from djamms.auth.user_schemas import AccountDeleted
from djamms.auth.users import Act
from djamms.errors import Unprocessable
from djamms.models.user import User
from djamms.security import audit
from djamms.security.audit import Event

# Each may own a great deal.
ERASED_AT_ONCE = 20


def delete_account(
    database: Database, act: Act, *, user_id: UUID, heir: UUID | None, at_once: bool
) -> AccountDeleted:
    """Signs it out and out of sight; hands its public playlists on; what is personal goes once the
    time of grace is over, or `at_once`. Raises NotFound, Conflict for the last administrator,
    Unprocessable for an heir who cannot be one."""
    user = users.lock(database, user_id, loses_admin=True)
    if heir is not None and (heir == user_id or not user_repository.may_inherit(database, heir)):
        raise Unprocessable("transferTo: playlists pass to an active account that may have some.")
    now = clock.now()
    user.is_active, user.deleted_at = False, user.deleted_at or now
    moved = user_repository.transfer_public_playlists(database, user_id, heir=heir)
    session_repository.revoke_all(database, user_id=user_id, now=now)
    act.record(database, Event.DELETED, user_id, playlists_transferred=moved, heir=heir)
    erased_at = now if at_once else _erased_at(database, user.deleted_at)
    if at_once:
        _erase(database, user, act)
    database.flush()
    return AccountDeleted(id=str(user_id), deleted=True, transferred=moved, erased_at=erased_at)


def erase_deleted(database: Database) -> int:
    """Accounts whose time of grace is over, a bounded number; returns how many."""
    grace = timedelta(days=user_repository.grace_days(database))
    before = clock.now() - grace
    over = user_repository.lock_deleted(database, before=before, limit=ERASED_AT_ONCE)
    for user in over:
        # What became public while the account was away, with someone else's help.
        user_repository.transfer_public_playlists(database, user.id, heir=None)
        _erase(database, user, None)
    return len(over)


def _erase(database: Database, user: User, act: Act | None) -> None:
    if act:
        act.record(database, Event.ERASED, user.id)
    else:
        audit.record(database, Event.ERASED, user_id=user.id)
    user_repository.erase(database, user)


def _erased_at(database: Database, deleted_at: datetime) -> datetime:
    return deleted_at + timedelta(days=user_repository.grace_days(database))
