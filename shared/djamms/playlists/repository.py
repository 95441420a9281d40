from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    ColumnElement,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    delete,
    false,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow, AnySelect
from djamms.models.library import StarredPlaylist
from djamms.models.playlist import Playlist, PlaylistEntry
from djamms.models.track import Track
from djamms.models.user import User
from djamms.music.repository import TRACK_COLUMNS, may_know_of, shown, visible_to
from djamms.playlists.access_repository import editable_by, managed_by, readable_by
from djamms.playlists.cursor import EntryPlace, ListPlace
from djamms.security.principal import Principal

# The space between two neighbours: room for many insertions before anything is renumbered.
GAP = 1 << 20
PLACE_COLUMNS = (PlaylistEntry.order_key, PlaylistEntry.id)
PLACE = tuple_(*PLACE_COLUMNS)


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
    return select(
        Playlist,
        User.username.label("owner"),
        starred.label("is_starred"),
        managed_by(principal).label("is_managed"),
        editable_by(principal).label("is_editable"),
    ).outerjoin(User, User.id == Playlist.owner_id)


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


def find_playlist(
    database: Database, *, principal: Principal, playlist_id: UUID, is_linked: bool = False
) -> AnyRow | None:
    """One that the caller may read or, where it `is_linked`, has a link to."""
    allowed = Playlist.is_active if is_linked else readable_by(principal)
    return database.execute(
        _described(principal).where(Playlist.id == playlist_id, allowed)
    ).first()


def is_allowed(database: Database, *, playlist_id: UUID, allowed: ColumnElement[bool]) -> bool:
    found = select(Playlist.id).where(Playlist.id == playlist_id, allowed)
    return database.scalar(found) is not None


def find_several(
    database: Database, *, principal: Principal, playlist_ids: Sequence[UUID]
) -> Sequence[AnyRow]:
    wanted = _described(principal).where(Playlist.id.in_(playlist_ids), readable_by(principal))
    return database.execute(wanted).all()


def add_playlist(database: Database, playlist: Playlist) -> None:
    database.add(playlist)
    database.flush()


def lock_playlist(
    database: Database, *, playlist_id: UUID, allowed: ColumnElement[bool]
) -> Playlist | None:
    """The playlist if the caller may do this, locked so that edits come one after the other."""
    statement = select(Playlist).where(Playlist.id == playlist_id, allowed).with_for_update()
    return database.scalar(statement.execution_options(populate_existing=True))


def list_entries(
    database: Database,
    *,
    principal: Principal,
    playlist_id: UUID,
    after: EntryPlace | None,
    limit: int,
) -> Sequence[AnyRow]:
    """Entries that the caller may see, in order from behind the place `after`."""
    statement = _entries(only_public=principal.is_guest)
    if after:
        statement = statement.where(is_behind(after))
    return database.execute(statement, {"playlist_id": playlist_id, "most": limit}).all()


# Made once: to put it together costs more than to run it.
@cache
def _entries(*, only_public: bool) -> AnySelect:
    return (
        select(
            *TRACK_COLUMNS,
            PlaylistEntry.id.label("entry_id"),
            PlaylistEntry.order_key,
            PlaylistEntry.added_at,
        )
        .join(Track, Track.id == PlaylistEntry.track_id)
        .where(PlaylistEntry.playlist_id == bindparam("playlist_id"), shown(only_public))
        .order_by(PlaylistEntry.order_key, PlaylistEntry.id)
        .limit(bindparam("most"))
    )


def rank_behind(
    database: Database,
    *,
    principal: Principal,
    playlist_id: UUID,
    place: tuple[int, UUID],
    all_visible: bool,
) -> int:
    """How many visible entries stand up to this place, the one at it included."""
    counted = (
        select(func.count())
        .select_from(PlaylistEntry)
        .where(PlaylistEntry.playlist_id == playlist_id, _is_up_to(place))
    )
    if not all_visible:
        counted = counted.join(Track, Track.id == PlaylistEntry.track_id)
        counted = counted.where(visible_to(principal))
    return database.scalar(counted) or 0


def _is_up_to(place: tuple[int, UUID]) -> ColumnElement[bool]:
    """As one comparison of rows, which the index can answer."""
    return _row(place) >= PLACE


def is_behind(place: EntryPlace) -> ColumnElement[bool]:
    return _row(place) < PLACE


def _row(place: EntryPlace) -> ColumnElement[Any]:
    return tuple_(
        *(literal(part, column.type) for part, column in zip(place, PLACE_COLUMNS, strict=True))
    )


def order_of(database: Database, playlist_id: UUID) -> list[str]:
    """The ids of all entries. As one text: 10,000 rows would take five times as long to read."""
    ordered = aggregate_order_by(literal(",", Text), *PLACE_COLUMNS)
    ids = func.string_agg(cast(PlaylistEntry.id, Text), ordered)
    found = database.scalar(select(ids).where(PlaylistEntry.playlist_id == playlist_id))
    return found.split(",") if found else []


def ordered_entries(
    database: Database, *, principal: Principal, playlist_id: UUID
) -> Sequence[AnyRow]:
    """Every entry's `id` in order; `is_visible` says whether the caller may see it."""
    return database.execute(
        select(PlaylistEntry.id, visible_to(principal).label("is_visible"))
        .join(Track, Track.id == PlaylistEntry.track_id)
        .where(PlaylistEntry.playlist_id == playlist_id)
        .order_by(PlaylistEntry.order_key, PlaylistEntry.id)
    ).all()


@dataclass(frozen=True, slots=True)
class Hidden:
    """What a caller does not see of a playlist. `missing` are deleted and may come back."""

    entries: int = 0
    seconds: int = 0
    missing: int = 0


def count_hidden(
    database: Database, *, principal: Principal, playlist_ids: Sequence[UUID]
) -> dict[UUID, Hidden]:
    """Of the playlists where something is hidden. What nobody may see is rare: this costs less
    than to count what is visible."""
    ids = bindparam("ids", list(playlist_ids), ARRAY(Uuid()))
    found = database.execute(
        select(
            PlaylistEntry.playlist_id,
            func.count().label("entries"),
            func.sum(Track.duration_seconds).label("seconds"),
            func.count().filter(may_know_of(principal)).label("missing"),
        )
        .join(Track, Track.id == PlaylistEntry.track_id)
        .where(PlaylistEntry.playlist_id == func.any(ids), not_(visible_to(principal)))
        .group_by(PlaylistEntry.playlist_id)
    )
    return {row.playlist_id: Hidden(row.entries, int(row.seconds), row.missing) for row in found}


def recount(database: Database, playlist: Playlist) -> None:
    """Counts all entries and their seconds anew, those included that a caller may not see."""
    counted = (
        select(func.count(), func.coalesce(func.sum(Track.duration_seconds), 0))
        .select_from(PlaylistEntry)
        .join(Track, Track.id == PlaylistEntry.track_id)
        .where(PlaylistEntry.playlist_id == playlist.id)
    )
    playlist.track_count, playlist.total_duration_seconds = database.execute(counted).one()


def neighbours(
    database: Database,
    *,
    principal: Principal,
    playlist_id: UUID,
    position: int | None,
    without: UUID | None,
    all_visible: bool,
) -> tuple[int, int | None]:
    """The order keys between which the caller's rank `position` lies, as if the entry `without`
    were not there. Hidden entries stay behind the one that they follow; where there are none,
    `all_visible` saves the look at each track.

    A position of None or behind the end lies after the last; None above = nothing follows.
    """
    others = PlaylistEntry.playlist_id == playlist_id
    if without is not None:
        others &= PlaylistEntry.id != without
    standing = select(*PLACE_COLUMNS).where(others).order_by(*PLACE_COLUMNS)
    following = None
    if all_visible and position:
        around = database.execute(standing.offset(position - 1).limit(2)).all()
        if around:
            return around[0].order_key, around[1].order_key if around[1:] else None
    elif position is not None:
        if not all_visible:
            standing = standing.join(Track, Track.id == PlaylistEntry.track_id)
            standing = standing.where(visible_to(principal))
        following = database.execute(standing.offset(position).limit(1)).first()
    before = select(func.max(PlaylistEntry.order_key)).where(others)
    if following is None:
        return database.scalar(before) or 0, None
    place = (following.order_key, following.id)
    before = before.where(_is_up_to(place), PlaylistEntry.id != following.id)
    return database.scalar(before) or 0, following.order_key


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
) -> list[UUID]:
    """The ids of the new entries."""
    rows: list[dict[str, Any]] = [
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
    return [row["id"] for row in rows]


def delete_entries(database: Database, *, playlist_id: UUID, entry_or_track_id: UUID) -> None:
    wanted = entry_or_track_id
    database.execute(
        delete(PlaylistEntry)
        .where(
            PlaylistEntry.playlist_id == playlist_id,
            or_(PlaylistEntry.id == wanted, PlaylistEntry.track_id == wanted),
        )
        .execution_options(synchronize_session=False)
    )


def set_order_key(database: Database, *, playlist_id: UUID, entry_id: UUID, order_key: int) -> None:
    database.execute(
        update(PlaylistEntry)
        .where(PlaylistEntry.id == entry_id, PlaylistEntry.playlist_id == playlist_id)
        .values(order_key=order_key)
        .execution_options(synchronize_session=False)
    )


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
