from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session as Database

from djamms.models.cover import CoverState, PlaylistCover
from djamms.models.playlist import Playlist


def find_cover(database: Database, *, playlist_id: UUID) -> PlaylistCover | None:
    return database.get(PlaylistCover, playlist_id)


def lock_cover(database: Database, *, playlist_id: UUID) -> PlaylistCover:
    """Made where there is none."""
    made = insert(PlaylistCover).values(playlist_id=playlist_id)
    database.execute(made.on_conflict_do_nothing())
    return database.scalars(
        select(PlaylistCover)
        .where(PlaylistCover.playlist_id == playlist_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def lock_active(database: Database, *, playlist_id: UUID) -> Playlist | None:
    """Before its cover, as an edit does: in the other order the two would wait for each other."""
    wanted = select(Playlist).where(Playlist.id == playlist_id, Playlist.is_active)
    return database.scalar(wanted.with_for_update())


def note_order(
    database: Database, *, playlist_id: UUID, now: datetime, unless_since: datetime
) -> bool:
    """Whether a mosaic is to be ordered: none was a moment ago, and no own picture is shown."""
    made = insert(PlaylistCover).values(playlist_id=playlist_id, asked_at=now)
    due = or_(PlaylistCover.asked_at.is_(None), PlaylistCover.asked_at < unless_since)
    noted = made.on_conflict_do_update(
        index_elements=[PlaylistCover.playlist_id],
        set_={"asked_at": now},
        where=due & PlaylistCover.is_own.is_(False),
    )
    return database.scalar(noted.returning(PlaylistCover.playlist_id)) is not None


def keep_candidates(database: Database, *, playlist_id: UUID, keys: Sequence[str]) -> None:
    made = insert(PlaylistCover).values(playlist_id=playlist_id, candidates=list(keys))
    database.execute(
        made.on_conflict_do_update(
            index_elements=[PlaylistCover.playlist_id], set_={"candidates": list(keys)}
        )
    )


def show(database: Database, *, playlist_id: UUID, thumbnail_key: str | None) -> None:
    """A picture is no edit: the playlist's version and time of change stay."""
    database.execute(
        update(Playlist)
        .where(Playlist.id == playlist_id)
        .values(thumbnail_url=thumbnail_key, updated_at=Playlist.updated_at)
        .execution_options(synchronize_session="fetch")
    )


def list_without_own(database: Database, *, after: UUID | None, limit: int) -> Sequence[UUID]:
    """Active playlists whose picture is, or may become, a mosaic."""
    own = select(PlaylistCover.playlist_id).where(
        or_(PlaylistCover.is_own, PlaylistCover.state == CoverState.WAITING)
    )
    found = select(Playlist.id).where(Playlist.is_active, Playlist.id.not_in(own))
    if after:
        found = found.where(Playlist.id > after)
    return database.scalars(found.order_by(Playlist.id).limit(limit)).all()
