from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import false, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow
from djamms.models.cover import CoverState, PlaylistCover
from djamms.models.playlist import Playlist, PlaylistEntry
from djamms.models.track import Track


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


def find_active(database: Database, *, playlist_id: UUID) -> Playlist | None:
    return database.scalar(select(Playlist).where(Playlist.id == playlist_id, Playlist.is_active))


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


def keep_candidates(database: Database, *, playlist_id: UUID, keys: Sequence[str]) -> bool:
    """Whether they are others than before."""
    made = insert(PlaylistCover).values(playlist_id=playlist_id, candidates=list(keys))
    kept = made.on_conflict_do_update(
        index_elements=[PlaylistCover.playlist_id],
        set_={"candidates": list(keys)},
        where=PlaylistCover.candidates != list(keys),
    )
    return database.scalar(kept.returning(PlaylistCover.playlist_id)) is not None


def show(database: Database, *, playlist_id: UUID, thumbnail_key: str | None) -> None:
    """A picture is no edit: the playlist's version and time of change stay."""
    database.execute(
        update(Playlist)
        .where(Playlist.id == playlist_id)
        .values(thumbnail_url=thumbnail_key, updated_at=Playlist.updated_at)
        .execution_options(synchronize_session="fetch")
    )


def list_to_look_at(
    database: Database, *, before: datetime, awaited_since: datetime, limit: int
) -> Sequence[AnyRow]:
    """Active playlists whose picture is, or may become, a mosaic, and that nobody has looked at
    since; `is_due` where an order or a change of a track came after the last look."""
    looked = PlaylistCover.looked_at
    is_awaited = (PlaylistCover.state == CoverState.WAITING) & (
        PlaylistCover.requested_at > awaited_since
    )
    is_own = func.coalesce(PlaylistCover.is_own | is_awaited, false())
    changed = (
        select(PlaylistEntry.id)
        .join(Track, Track.id == PlaylistEntry.track_id)
        .where(PlaylistEntry.playlist_id == Playlist.id, Track.updated_at > looked)
        .exists()
    )
    is_due = looked.is_(None) | (PlaylistCover.asked_at > looked) | changed
    return database.execute(
        select(Playlist.id, Playlist.rules.is_not(None).label("has_rules"), is_due.label("is_due"))
        .outerjoin(PlaylistCover, PlaylistCover.playlist_id == Playlist.id)
        .where(Playlist.is_active, ~is_own, looked.is_(None) | (looked < before))
        .order_by(looked.asc().nulls_first(), Playlist.id)
        .limit(limit)
    ).all()


def hold(database: Database, playlist_ids: Collection[UUID]) -> Sequence[Playlist]:
    """Those that nobody edits right now, kept from edits for a moment: before their covers, since
    in the other order the two would wait for each other."""
    wanted = select(Playlist).where(Playlist.id.in_(playlist_ids), Playlist.is_active)
    return database.scalars(
        wanted.with_for_update(read=True, key_share=True, skip_locked=True)
    ).all()


def note_looked(database: Database, playlist_ids: Collection[UUID], *, at: datetime) -> None:
    made = insert(PlaylistCover).values(
        [{"playlist_id": one, "looked_at": at} for one in sorted(playlist_ids)]
    )
    database.execute(
        made.on_conflict_do_update(
            index_elements=[PlaylistCover.playlist_id], set_={"looked_at": at}
        )
    )


def list_of_deleted(database: Database, *, limit: int) -> Sequence[AnyRow]:
    """`playlist_id` and `folder` of pictures whose playlist was deleted. What a moderator hid may
    come back with its picture."""
    return database.execute(
        select(PlaylistCover.playlist_id, PlaylistCover.folder)
        .join(Playlist, Playlist.id == PlaylistCover.playlist_id)
        .where(~Playlist.is_active, Playlist.hidden_at.is_(None), PlaylistCover.folder.is_not(None))
        .order_by(PlaylistCover.playlist_id)
        .limit(limit)
    ).all()


def forget_picture(database: Database, *, playlist_id: UUID, folder: str) -> None:
    show(database, playlist_id=playlist_id, thumbnail_key=None)
    database.execute(
        update(PlaylistCover)
        .where(PlaylistCover.playlist_id == playlist_id, PlaylistCover.folder == folder)
        .values(folder=None, made_of=[], is_own=False, state=CoverState.NONE)
    )
