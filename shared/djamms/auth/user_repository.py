from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, or_, select, true, update
from sqlalchemy.orm import Session as Database

from djamms.auth.criteria import AccountCriteria
from djamms.models.system import SystemSetting
from djamms.models.user import Role, Session, User

GRACE = "accounts.grace_days"
USUAL_GRACE_DAYS, MOST_GRACE_DAYS = 14, 3650
# Of each page: unique, so that it alone is a place in the list.
by_name = func.lower(User.username)


@dataclass(frozen=True, slots=True)
class Belongings:
    sessions: int
    playlists: int
    public_playlists: int
    uploads: int


def list_users(
    database: Database, wanted: AccountCriteria, *, after: str | None, offset: int, limit: int
) -> Sequence[User]:
    """By user name, from behind the one `after`."""
    behind = by_name > after if after is not None else true()
    statement = select(User).where(_matching(wanted), behind).order_by(by_name)
    return database.scalars(statement.offset(offset).limit(limit)).all()


def count_users(database: Database, wanted: AccountCriteria) -> int:
    return database.scalar(select(func.count()).select_from(User).where(_matching(wanted))) or 0


def _matching(wanted: AccountCriteria) -> ColumnElement[bool]:
    found: ColumnElement[bool] = true()
    if wanted.words:
        words = func.folded(wanted.words)
        texts = (User.username, User.email, func.coalesce(User.name, ""))
        found &= or_(*(func.strpos(func.folded(text), words) > 0 for text in texts))
    if wanted.role is not None:
        found &= User.role == wanted.role
    if wanted.is_active is not None:
        found &= User.is_active == wanted.is_active
    return found


def find_user(database: Database, user_id: UUID) -> User | None:
    """Active or not."""
    return database.scalar(select(User).where(User.id == user_id))


def lock_user(database: Database, user_id: UUID) -> User | None:
    """Active or not. What refers to it may be written meanwhile: an edit that does, and holds its
    playlist, must not wait for whoever waits for that playlist."""
    return database.scalar(
        select(User)
        .where(User.id == user_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


def lock_admins(database: Database) -> Sequence[UUID]:
    """The active administrators, locked: whoever takes one away waits here for whoever else does.

    To be asked before an account is locked, so that two never wait for each other.
    """
    admins = select(User.id).where(User.role == Role.ADMIN, User.is_active)
    return database.scalars(admins.order_by(User.id).with_for_update(key_share=True)).all()


def count_belongings(database: Database, user_id: UUID, *, now: datetime) -> Belongings:
    from djamms.models.playlist import Playlist  # both 15 ms that no sign-in pays
    from djamms.models.track import Track

    live = Session.revoked_at.is_(None) & (Session.expires_at > now)
    mine = (Playlist.owner_id == user_id) & Playlist.is_active
    return Belongings(
        *database.execute(
            select(
                _count(Session, (Session.user_id == user_id) & live),
                _count(Playlist, mine),
                _count(Playlist, mine & Playlist.is_public),
                _count(Track, (Track.uploaded_by == user_id) & Track.is_active),
            )
        ).one()
    )


def _count(model: type, which: ColumnElement[bool]) -> ColumnElement[int]:
    return select(func.count()).select_from(model).where(which).scalar_subquery()


def may_inherit(database: Database, user_id: UUID) -> bool:
    """Whether there is such an active account, and it may have playlists."""
    heir = (User.id == user_id, User.is_active, User.role != Role.GUEST)
    return database.scalar(select(User.id).where(*heir).with_for_update(read=True)) is not None


def transfer_public_playlists(database: Database, user_id: UUID, *, heir: UUID | None) -> int:
    """To the heir, or to the installation; returns how many."""
    from djamms.models.playlist import Playlist  # 15 ms, likewise
    from djamms.models.sharing import Collaborator

    passing = select(Playlist.id).where(Playlist.owner_id == user_id, passes_on())
    moved = database.scalars(passing.order_by(Playlist.id).with_for_update()).all()
    database.execute(update(Playlist).where(Playlist.id.in_(moved)).values(owner_id=heir))
    # Who owns a list is no guest in it.
    shared = (Collaborator.playlist_id.in_(moved), Collaborator.user_id == heir)
    database.execute(delete(Collaborator).where(*shared))
    return len(moved)


def passes_on() -> ColumnElement[bool]:
    """Public playlists, also one that a moderator has hidden: it may be restored."""
    from djamms.models.playlist import Playlist  # 15 ms, likewise

    return Playlist.is_public & or_(Playlist.is_active, Playlist.hidden_at.is_not(None))


def grace_days(database: Database) -> int:
    setting = SystemSetting.key == GRACE
    days = database.scalar(select(SystemSetting.value).where(setting))
    if isinstance(days, bool) or not isinstance(days, int | float):
        return USUAL_GRACE_DAYS
    return int(min(max(0, days), MOST_GRACE_DAYS))
