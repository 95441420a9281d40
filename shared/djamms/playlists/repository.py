from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlalchemy import (
    ColumnElement,
    Uuid,
    and_,
    bindparam,
    delete,
    false,
    func,
    insert,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow, AnySelect
from djamms.models.library import StarredPlaylist
from djamms.models.playlist import Playlist, PlaylistEntry
from djamms.models.track import Track
from djamms.models.user import User
from djamms.music.repository import TRACK_COLUMNS, visible_to
from djamms.playlists.cursor import EntryPlace, ListPlace
from djamms.security.principal import Principal

# The space between two neighbours: room for many insertions before anything is renumbered.
GAP = 1 << 20


def readable_by(principal: Principal) -> ColumnElement[bool]:
    """What is public, and one's own; admins read all."""
    mine = Playlist.owner_id == principal.user_id if principal.user_id else false()
    anything = true() if principal.is_admin else false()
    return Playlist.is_active & or_(Playlist.is_public, mine, anything)


def editable_by(principal: Principal) -> ColumnElement[bool]:
    """One's own; moderators edit public ones, admins also those of the installation and all."""
    mine = Playlist.owner_id == principal.user_id if principal.user_id else false()
    public = Playlist.is_public if principal.moderates else false()
    anything = true() if principal.is_admin else false()
    return Playlist.is_active & or_(mine, public, anything)


def _described(principal: Principal) -> AnySelect:
    starred = (
        select(StarredPlaylist.id)
        .where(
            StarredPlaylist.playlist_id == Playlist.id,
            StarredPlaylist.user_id == principal.user_id,
        )
        .exists()
        if principal.user_id
        else false()
    )
    return select(Playlist, User.username.label("owner"), starred.label("is_starred")).outerjoin(
        User, User.id == Playlist.owner_id
    )


def list_playlists(
    database: Database, *, principal: Principal, after: ListPlace | None, offset: int, limit: int
) -> Sequence[AnyRow]:
    """Newest first, from behind the place `after`."""
    statement = _described(principal).where(readable_by(principal))
    if after is not None:
        created_at, playlist_id = after
        same = and_(Playlist.created_at == created_at, Playlist.id > playlist_id)
        statement = statement.where(or_(Playlist.created_at < created_at, same))
    ordered = statement.order_by(Playlist.created_at.desc(), Playlist.id)
    return database.execute(ordered.offset(offset).limit(limit)).all()


def count_playlists(database: Database, *, principal: Principal) -> int:
    statement = select(func.count()).select_from(Playlist).where(readable_by(principal))
    return database.scalar(statement) or 0


def find_playlist(database: Database, *, principal: Principal, playlist_id: UUID) -> AnyRow | None:
    return database.execute(
        _described(principal).where(Playlist.id == playlist_id, readable_by(principal))
    ).first()


def add_playlist(database: Database, playlist: Playlist) -> None:
    database.add(playlist)
    database.flush()


def lock_playlist(
    database: Database, *, principal: Principal, playlist_id: UUID
) -> Playlist | None:
    """The playlist if the caller may edit it, locked so that edits come one after the other."""
    return database.scalar(
        select(Playlist).where(Playlist.id == playlist_id, editable_by(principal)).with_for_update()
    )


def list_entries(
    database: Database,
    *,
    principal: Principal,
    playlist_id: UUID,
    after: EntryPlace | None,
    limit: int,
) -> Sequence[AnyRow]:
    """Entries in order from behind the place `after`; `is_visible` says whether to show one.

    All of them come, so that counting along the rows gives each its rank.
    """
    statement = (
        select(
            *TRACK_COLUMNS,
            PlaylistEntry.id.label("entry_id"),
            PlaylistEntry.order_key,
            PlaylistEntry.added_at,
            visible_to(principal).label("is_visible"),
        )
        .join(Track, Track.id == PlaylistEntry.track_id)
        .where(PlaylistEntry.playlist_id == playlist_id)
        .order_by(PlaylistEntry.order_key, PlaylistEntry.id)
        .limit(limit)
    )
    if after:
        key, entry_id = after
        statement = statement.where(
            (PlaylistEntry.order_key > key)
            | ((PlaylistEntry.order_key == key) & (PlaylistEntry.id > entry_id))
        )
    return database.execute(statement).all()


def rank_of(database: Database, *, playlist_id: UUID, order_key: int, entry_id: UUID) -> int:
    """How many entries stand before this place."""
    before = (PlaylistEntry.order_key < order_key) | (
        (PlaylistEntry.order_key == order_key) & (PlaylistEntry.id < entry_id)
    )
    statement = select(func.count()).where(PlaylistEntry.playlist_id == playlist_id, before)
    return database.scalar(statement) or 0


def entry_ids(database: Database, playlist_id: UUID) -> Sequence[UUID]:
    return database.scalars(
        select(PlaylistEntry.id)
        .where(PlaylistEntry.playlist_id == playlist_id)
        .order_by(PlaylistEntry.order_key, PlaylistEntry.id)
    ).all()


def recount(database: Database, playlist: Playlist) -> None:
    """Counts entries and seconds anew, so that they are true whatever happened to the tracks."""
    counted = (
        select(func.count(), func.coalesce(func.sum(Track.duration_seconds), 0))
        .select_from(PlaylistEntry)
        .join(Track, Track.id == PlaylistEntry.track_id)
        .where(PlaylistEntry.playlist_id == playlist.id)
    )
    playlist.track_count, playlist.total_duration_seconds = database.execute(counted).one()


def neighbours(
    database: Database, *, playlist_id: UUID, position: int | None, without: UUID | None
) -> tuple[int, int | None]:
    """The order keys between which rank `position` lies, as if the entry `without` were not there.

    A position of None or behind the end lies after the last; None above = nothing follows.
    """
    keys = select(PlaylistEntry.order_key).where(PlaylistEntry.playlist_id == playlist_id)
    if without is not None:
        keys = keys.where(PlaylistEntry.id != without)
    ordered = keys.order_by(PlaylistEntry.order_key, PlaylistEntry.id)
    if position == 0:
        return 0, database.scalar(ordered.limit(1))
    around = (
        [] if position is None else database.scalars(ordered.offset(position - 1).limit(2)).all()
    )
    if around:
        return around[0], around[1] if len(around) > 1 else None
    return database.scalar(keys.order_by(PlaylistEntry.order_key.desc()).limit(1)) or 0, None


def renumber(database: Database, playlist_id: UUID) -> None:
    """Spreads the order keys evenly again, in one statement."""
    rank = func.row_number().over(order_by=(PlaylistEntry.order_key, PlaylistEntry.id))
    ranked = (
        select(PlaylistEntry.id, rank.label("rank"))
        .where(PlaylistEntry.playlist_id == playlist_id)
        .subquery()
    )
    database.execute(
        update(PlaylistEntry)
        .where(PlaylistEntry.id == ranked.c.id)
        .values(order_key=ranked.c.rank * GAP)
        .execution_options(synchronize_session=False)
    )


def insert_entries(
    database: Database,
    *,
    playlist_id: UUID,
    track_ids: Sequence[UUID],
    order_keys: Sequence[int],
    added_by: UUID | None,
) -> None:
    rows = [
        {
            "id": uuid4(),
            "playlist_id": playlist_id,
            "track_id": track_id,
            "order_key": key,
            "added_by": added_by,
        }
        for track_id, key in zip(track_ids, order_keys, strict=True)
    ]
    database.execute(insert(PlaylistEntry).values(rows))


def delete_entries(
    database: Database, *, playlist_id: UUID, entry_or_track_id: UUID
) -> Sequence[UUID]:
    """The ids of the entries that went."""
    wanted = entry_or_track_id
    return database.scalars(
        delete(PlaylistEntry)
        .where(
            PlaylistEntry.playlist_id == playlist_id,
            or_(PlaylistEntry.id == wanted, PlaylistEntry.track_id == wanted),
        )
        .returning(PlaylistEntry.id)
        .execution_options(synchronize_session=False)
    ).all()


def set_order_key(database: Database, *, playlist_id: UUID, entry_id: UUID, order_key: int) -> bool:
    """Whether the entry is there."""
    changed = database.scalar(
        update(PlaylistEntry)
        .where(PlaylistEntry.id == entry_id, PlaylistEntry.playlist_id == playlist_id)
        .values(order_key=order_key)
        .returning(PlaylistEntry.id)
        .execution_options(synchronize_session=False)
    )
    return changed is not None


def set_order(database: Database, *, playlist_id: UUID, entry_ids: Sequence[UUID]) -> None:
    """Gives the entries evenly spread order keys in this order, in one statement."""
    ids = bindparam("ids", list(entry_ids), ARRAY(Uuid()))
    placed = func.unnest(ids).table_valued("id", with_ordinality="place").render_derived()
    database.execute(
        update(PlaylistEntry)
        .where(PlaylistEntry.id == placed.c.id, PlaylistEntry.playlist_id == playlist_id)
        .values(order_key=placed.c.place * GAP)
        .execution_options(synchronize_session=False)
    )
