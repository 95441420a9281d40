from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow
from djamms.models.playlist import Playlist
from djamms.models.sharing import Collaborator, PlaylistLink
from djamms.models.user import User
from djamms.playlists.access_repository import goes_on, owned_by, shared_with
from djamms.security.principal import Principal


def list_collaborators(database: Database, playlist_id: UUID) -> Sequence[AnyRow]:
    """Without those whose account is deleted and waits to be erased."""
    return database.execute(
        select(Collaborator.user_id, User.username, Collaborator.role)
        .join(User, User.id == Collaborator.user_id)
        .where(Collaborator.playlist_id == playlist_id, User.deleted_at.is_(None))
        .order_by(func.lower(User.username))
    ).all()


def may_see_sharing(database: Database, *, principal: Principal, playlist_id: UUID) -> bool:
    """Who owns it, and with whom it is shared."""
    concerned = owned_by(principal) | shared_with(principal)
    wanted = select(Playlist.id).where(Playlist.id == playlist_id, concerned)
    return database.scalar(wanted) is not None


def find_person(database: Database, *, username: str | None, user_id: UUID | None) -> AnyRow | None:
    """Who may sign in; a name in any case."""
    named = User.id == user_id if user_id else func.lower(User.username) == (username or "").lower()
    return database.execute(select(User.id, User.username).where(named, User.is_active)).first()


def put_collaborator(
    database: Database, *, playlist_id: UUID, user_id: UUID, role: str, added_by: UUID | None
) -> None:
    statement = insert(Collaborator).values(
        playlist_id=playlist_id, user_id=user_id, role=role, added_by=added_by
    )
    database.execute(
        statement.on_conflict_do_update(
            index_elements=["playlist_id", "user_id"], set_={"role": role, "added_by": added_by}
        )
    )


def remove_collaborator(database: Database, *, playlist_id: UUID, user_id: UUID) -> bool:
    """Whether they were one."""
    gone = database.scalar(
        delete(Collaborator)
        .where(Collaborator.playlist_id == playlist_id, Collaborator.user_id == user_id)
        .returning(Collaborator.user_id)
        .execution_options(synchronize_session=False)
    )
    return gone is not None


def count_others(database: Database, playlist_id: UUID, *, but: UUID) -> int:
    """With how many it is shared, `but` one."""
    others = (Collaborator.playlist_id == playlist_id, Collaborator.user_id != but)
    return database.scalar(select(func.count()).where(*others)) or 0


def add_link(database: Database, link: PlaylistLink) -> None:
    database.add(link)
    database.flush()


def count_links(database: Database, playlist_id: UUID) -> int:
    counted = select(func.count()).where(PlaylistLink.playlist_id == playlist_id)
    return database.scalar(counted) or 0


def list_links(database: Database, playlist_id: UUID) -> Sequence[PlaylistLink]:
    """The newest first."""
    return database.scalars(
        select(PlaylistLink)
        .where(PlaylistLink.playlist_id == playlist_id)
        .order_by(PlaylistLink.created_at.desc(), PlaylistLink.id)
    ).all()


def delete_link(database: Database, *, playlist_id: UUID, link_id: UUID) -> bool:
    """Whether there was one."""
    gone = database.scalar(
        delete(PlaylistLink)
        .where(PlaylistLink.playlist_id == playlist_id, PlaylistLink.id == link_id)
        .returning(PlaylistLink.id)
        .execution_options(synchronize_session=False)
    )
    return gone is not None


def find_linked(database: Database, *, token_hash: str, now: datetime) -> UUID | None:
    """The playlist of a link that is good still.

    The index is asked for a hash, so that how long it takes says nothing about a token.
    """
    return database.scalar(
        select(Playlist.id)
        .join(PlaylistLink, PlaylistLink.playlist_id == Playlist.id)
        .where(
            PlaylistLink.token_hash == token_hash,
            or_(PlaylistLink.expires_at.is_(None), PlaylistLink.expires_at > now),
            Playlist.is_active,
            goes_on(),
        )
    )
