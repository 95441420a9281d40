from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
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
    not_,
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
from djamms.music.repository import TRACK_COLUMNS, may_know_of, shown, visible_to
from djamms.playlists.cursor import EntryPlace, ListPlace
from djamms.security.principal import Principal

# The space between two neighbours: room for many insertions before anything is renumbered.
GAP = 1 << 20


def readable_by(principal: Principal) -> ColumnElement[bool]:
    """What is public, and one's own; admins read all."""
    mine = Playlist.owner_id == principal.user_id if principal.user_id else false()
    anything = true() if principal.is_admin else false()
    hidden = Playlist.hidden_at.is_not(None) & or_(mine, anything)
    return or_(Playlist.is_active & or_(Playlist.is_public, mine, anything), hidden)


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


def find_several(
    database: Database, *, principal: Principal, playlist_ids: Sequence[UUID]
) -> Sequence[AnyRow]:
    wanted = _described(principal).where(Playlist.id.in_(playlist_ids), readable_by(principal))
    return database.execute(wanted).all()


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
    """Entries that the caller may see, in order from behind the place `after`."""
    statement = _entries(only_public=principal.is_guest)
    if after:
        statement = statement.where(not_(_is_up_to(after)))
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
    database: Database, *, principal: Principal, playlist_id: UUID, place: tuple[int, UUID]
) -> int:
    """How many visible entries stand up to this place, the one at it included."""
    return (
        database.scalar(
            select(func.count())
            .select_from(PlaylistEntry)
            .join(Track, Track.id == PlaylistEntry.track_id)
            .where(
                PlaylistEntry.playlist_id == playlist_id, visible_to(principal), _is_up_to(place)
            )
        )
        or 0
    )


def _is_up_to(place: tuple[int, UUID]) -> ColumnElement[bool]:
    key, entry_id = place
    return (PlaylistEntry.order_key < key) | (
        (PlaylistEntry.order_key == key) & (PlaylistEntry.id <= entry_id)
    )


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
) -> tuple[int, int | None]:
    """The order keys between which the caller's rank `position` lies, as if the entry `without`
    were not there. Hidden entries stay behind the one that they follow.

    A position of None or behind the end lies after the last; None above = nothing follows.
    """
    others = PlaylistEntry.playlist_id == playlist_id
    if without is not None:
        others &= PlaylistEntry.id != without
    following = None
    if position is not None:
        following = database.execute(
            select(PlaylistEntry.order_key, PlaylistEntry.id)
            .join(Track, Track.id == PlaylistEntry.track_id)
            .where(others, visible_to(principal))
            .order_by(PlaylistEntry.order_key, PlaylistEntry.id)
            .offset(position)
            .limit(1)
        ).first()
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
