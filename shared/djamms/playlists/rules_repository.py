"""The tracks that rules choose: computed when asked for, as the caller may see them."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Subquery, func, insert, literal, literal_column, select, text, update
from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow
from djamms.models.playlist import Playlist, PlaylistEntry
from djamms.models.track import Track
from djamms.music.order_repository import order_by
from djamms.music.repository import TRACK_COLUMNS, visible_to
from djamms.music.sorting import read_sort
from djamms.playlists.access_repository import readable_by
from djamms.playlists.repository import GAP
from djamms.playlists.rule_conditions_repository import View, as_owner, wanted_by
from djamms.playlists.rules import MOST_TRACKS, Rules
from djamms.security.principal import Principal


def list_tracks(
    database: Database,
    *,
    principal: Principal,
    rules: Rules,
    view: View,
    offset: int,
    limit: int,
) -> Sequence[AnyRow]:
    order = order_by(read_sort(rules.sort))
    if rules.limit is None:
        chosen = select(*TRACK_COLUMNS).where(visible_to(principal), wanted_by(rules, view))
        return database.execute(chosen.order_by(*order).offset(offset).limit(limit)).all()
    kept = _kept(principal, rules, view)
    page = (
        select(kept.c.id, kept.c.place)
        .order_by(kept.c.place)
        .offset(offset)
        .limit(limit)
        .subquery("page")
    )
    return database.execute(
        select(*TRACK_COLUMNS).join(page, page.c.id == Track.id).order_by(page.c.place)
    ).all()


def count_tracks(
    database: Database, *, principal: Principal, rules: Rules, view: View
) -> tuple[int, int]:
    """How many there are, and how many seconds they last."""
    count = func.count()
    if rules.limit is None:
        counted = select(count, func.coalesce(func.sum(Track.duration_seconds), 0)).where(
            visible_to(principal), wanted_by(rules, view)
        )
    else:
        kept = _kept(principal, rules, view)
        counted = select(count, func.coalesce(func.sum(kept.c.seconds), 0)).select_from(kept)
    tracks, seconds = database.execute(counted).one()
    return tracks, int(seconds)


def _kept(principal: Principal, rules: Rules, view: View) -> Subquery:
    """What a limit leaves: `id`, `seconds` and `place` of each."""
    assert rules.limit is not None
    order = order_by(read_sort(rules.sort))
    most = rules.limit.tracks or MOST_TRACKS
    place = func.row_number().over(order_by=order)
    first = (
        select(Track.id, Track.duration_seconds.label("seconds"), place.label("place"))
        .where(visible_to(principal), wanted_by(rules, view))
        .order_by(*order)
        .limit(most)
        .subquery("first_ones")
    )
    if rules.limit.seconds is None:
        return first
    running = func.sum(first.c.seconds).over(order_by=first.c.place).label("until")
    summed = select(first.c.id, first.c.seconds, first.c.place, running).subquery("summed")
    within = summed.c.until <= rules.limit.seconds
    return select(summed.c.id, summed.c.seconds, summed.c.place).where(within).subquery("kept")


def add_entries(
    database: Database,
    *,
    playlist_id: UUID,
    principal: Principal,
    rules: Rules,
    view: View,
) -> Sequence[UUID]:
    """What the rules choose now, as entries of the playlist, in one statement; their ids."""
    order = order_by(read_sort(rules.sort))
    if rules.limit is None:
        place = func.row_number().over(order_by=order)
        source = select(Track.id, place.label("place")).where(
            visible_to(principal), wanted_by(rules, view)
        )
        chosen = source.subquery("chosen")
    else:
        chosen = _kept(principal, rules, view)
    added = database.scalars(
        insert(PlaylistEntry)
        .from_select(
            ["playlist_id", "track_id", "position", "added_by"],
            select(
                literal(playlist_id),
                chosen.c.id,
                chosen.c.place * literal_column(str(GAP)),
                literal(principal.user_id),
            ),
            # The database makes each id: one made here would be that of all rows.
            include_defaults=False,
        )
        .returning(PlaylistEntry.id)
    )
    return added.all()


def lock_public_with_rules(database: Database, *, owner_id: UUID) -> Sequence[Playlist]:
    """Also what a moderator hid, in the order of their ids."""
    wanted = (Playlist.owner_id == owner_id, Playlist.is_public, Playlist.rules.is_not(None))
    there = Playlist.is_active | Playlist.hidden_at.is_not(None)
    found = select(Playlist).where(*wanted, there).order_by(Playlist.id).with_for_update()
    return database.scalars(found).all()


def lists_by_hand(
    database: Database, *, owner_id: UUID | None, playlist_ids: Collection[UUID]
) -> set[UUID]:
    """Those of the playlists that rules of this owner may read and that have none themselves."""
    found = select(Playlist.id).where(
        Playlist.id.in_(playlist_ids), Playlist.rules.is_(None), readable_by(as_owner(owner_id))
    )
    return set(database.scalars(found))


def ids_of_rule_based(database: Database) -> Sequence[UUID]:
    """In no order, so that a run that is cut short leaves out others than the last one did."""
    found = select(Playlist.id).where(Playlist.is_active, Playlist.rules.is_not(None))
    return database.scalars(found.order_by(func.random())).all()


def bound_time(database: Database, *, seconds: int) -> None:
    """Of each statement of this transaction."""
    database.execute(text(f"SET LOCAL statement_timeout = {seconds * 1000:d}"))


def keep_counts(database: Database, playlist: Playlist, counts: tuple[int, int]) -> None:
    """Not those of rules that were changed since."""
    tracks, seconds = counts
    database.execute(
        update(Playlist)
        .where(Playlist.id == playlist.id, Playlist.version == playlist.version)
        .values(track_count=tracks, total_duration_seconds=seconds, updated_at=Playlist.updated_at)
        .execution_options(synchronize_session=False)
    )
