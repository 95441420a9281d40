"""Accounts that go: what becomes of their things is in docs/decisions/deleted-accounts.md."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.auth import session_repository, user_repository, users
from djamms.auth.user_schemas import AccountDeleted
from djamms.auth.users import Act
from djamms.errors import Unprocessable
from djamms.search.analytics.unlink_repository import unlink
from djamms.security import audit
from djamms.security.audit import Event
from djamms.storage.cover_keys import pictures_at

# Of a second or two at most: a job may take fifteen minutes, and comes again.
MOST_STEPS = 300


def delete_account(
    database: Database, act: Act, *, user_id: UUID, heir: UUID | None, at_once: bool
) -> AccountDeleted:
    """Signs it out and out of sight; hands its public playlists on; what is personal goes with the
    first clean-up after the time of grace, of which `at_once` is none. Raises NotFound, Conflict
    for the last administrator, Unprocessable for an heir who cannot be one."""
    user = users.lock(database, user_id, loses_admin=True)
    if heir is not None and (heir == user_id or not user_repository.may_inherit(database, heir)):
        raise Unprocessable("transferTo: playlists pass to an active account that may have some.")
    now = clock.now()
    days = 0 if at_once else user_repository.grace_days(database)
    user.is_active, user.deleted_at = False, user.deleted_at or now
    erase_after = now + timedelta(days=days)
    user.erase_after = min(user.erase_after or erase_after, erase_after)
    moved = _pass_on(database, user_id, heir=heir)
    session_repository.revoke_all(database, user_id=user_id, now=now)
    unlink(database, user_id)
    act.record(database, Event.DELETED, user_id, playlists_transferred=moved, heir=heir)
    database.flush()
    return AccountDeleted(
        id=str(user_id), deleted=True, transferred=moved, erase_after=user.erase_after
    )


def _delete_pictures(thumbnails: Iterable[str | None]) -> None:
    """Of playlists that go. Before the commit: when either fails both come again, while a picture
    whose row is gone would stay for ever."""
    keys = [key for one in thumbnails for key in pictures_at(one)]
    if not keys:
        return
    from djamms.storage.store import media_store  # boto3: 250 ms that most erasing does not pay

    if kept := media_store().delete_all(keys):
        raise RuntimeError(f"{len(kept)} pictures of playlists could not be deleted")


def _pass_on(database: Database, user_id: UUID, *, heir: UUID | None) -> int:
    from djamms.playlists.rule_edits import freeze_personal  # what no sign-in pays

    freeze_personal(database, owner_id=user_id)
    return user_repository.transfer_public_playlists(database, user_id, heir=heir)


def erase_due(transactions: Callable[[], AbstractContextManager[Database]]) -> int:
    """Accounts whose time of grace is over, in steps that each keep what they did; returns how many
    are gone."""
    from djamms.auth import erasing_repository  # 20 ms of models that no request pays

    erased = 0
    for _ in range(MOST_STEPS):
        with transactions() as database:
            user = erasing_repository.lock_due(database, now=clock.now())
            if user is None:
                break
            if gone := erasing_repository.let_go(database, user.id):
                _delete_pictures([getattr(one, "thumbnail_url", None) for one in gone])
                continue
            # What became public while the account was away.
            _pass_on(database, user.id, heir=None)
            audit.record(database, Event.ERASED, user_id=user.id)
            erasing_repository.erase(database, user)
            erased += 1
    return erased
