"""Lists of tracks: what is asked for, in which order, from where on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    and_,
    func,
    literal_column,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow, AnySelect
from djamms.models.track import GenreCount, Track, TrackCount
from djamms.music.criteria import Bounds, Sort, SortField, TrackFilter
from djamms.music.repository import TRACK_COLUMNS, visible_to
from djamms.music.span_repository import find_span
from djamms.security.principal import Principal

# Constants, not parameters: only so does PostgreSQL know the expression of an index again.
ALBUM = func.coalesce(Track.album, literal_column("''"))
# Each is the expression of an index; `id` follows as the last key of every order.
ORDERS: dict[SortField, SQLColumnExpression[Any]] = {
    SortField.ADDED: Track.created_at,
    SortField.TITLE: func.folded(Track.title),
    SortField.ARTIST: func.folded(Track.artist),
    SortField.ALBUM: func.folded(ALBUM),
    SortField.YEAR: func.coalesce(Track.year, literal_column("0")),
    SortField.DURATION: Track.duration_seconds,
    SortField.POPULARITY: Track.popularity,
    SortField.PLAYS: Track.play_count,
}


# From this offset on it pays to skip rows in the index first.
FAR = 500


class Place(NamedTuple):
    """The sort value and the id of a row: a page can go on behind it."""

    value: Any
    track_id: Any


@dataclass(frozen=True, slots=True)
class Start:
    """How far to skip, and an instant from which on to count."""

    offset: int
    instant: datetime | None = None


def conditions(principal: Principal, criteria: TrackFilter) -> list[ColumnElement[bool]]:
    found = [visible_to(principal)]
    if criteria.genre:
        found.append(func.lower(Track.genre) == criteria.genre.lower())
    for column, part in ((Track.artist, criteria.artist), (Track.album, criteria.album)):
        if part:
            found.append(holds(column, part))
    for name, whole in (
        (ORDERS[SortField.ARTIST], criteria.artist_is),
        (ORDERS[SortField.ALBUM], criteria.album_is),
    ):
        if whole:
            found.append(name == func.folded(whole))
    ranges: tuple[tuple[SQLColumnExpression[Any], Bounds | None], ...] = (
        (Track.year, criteria.year),
        (Track.duration_seconds, criteria.duration_seconds),
        (Track.bitrate_kbps, criteria.bitrate_kbps),
        (Track.popularity, criteria.popularity),
    )
    return found + [within(column, bounds) for column, bounds in ranges if bounds]


def holds(column: SQLColumnExpression[Any], part: str) -> ColumnElement[bool]:
    """Whether the words are in it, in any case, with or without accents."""
    escaped = re.sub(r"([\\%_])", r"\\\1", part)
    return func.folded(column).like(func.concat("%", func.folded(escaped), "%"))


def within(column: SQLColumnExpression[Any], bounds: Bounds) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = []
    if bounds.lowest is not None:
        parts.append(column >= bounds.lowest)
    if bounds.highest is not None:
        parts.append(column <= bounds.highest)
    return and_(*parts)


def page_by_number(
    database: Database,
    *,
    principal: Principal,
    criteria: TrackFilter,
    sort: Sort,
    start: Start,
    limit: int,
) -> Sequence[AnyRow]:
    if start.instant is None and start.offset >= FAR:
        return _far_page(database, principal, criteria, sort, start.offset, limit)
    statement = _ordered(principal, criteria, sort).offset(start.offset).limit(limit)
    if start.instant is not None and sort.descending:
        statement = statement.where(Track.created_at < start.instant)
    elif start.instant is not None:
        statement = statement.where(Track.created_at >= start.instant)
    return database.execute(statement).all()


def _far_page(
    database: Database,
    principal: Principal,
    criteria: TrackFilter,
    sort: Sort,
    offset: int,
    limit: int,
) -> Sequence[AnyRow]:
    """Skips the rows before in the index of their order, and reads those of the page alone."""
    order = _order(sort)
    wanted = conditions(principal, criteria)
    ids = select(Track.id).where(*wanted).order_by(*order).offset(offset).limit(limit).subquery()
    found = select(*TRACK_COLUMNS, ORDERS[sort.field].label("sort_value"))
    found = found.join(ids, ids.c.id == Track.id).order_by(*order)
    return database.execute(found).all()


def page_behind(
    database: Database,
    *,
    principal: Principal,
    criteria: TrackFilter,
    sort: Sort,
    place: Place,
    limit: int,
) -> Sequence[AnyRow]:
    """Rows behind a place: as fast on the last page as on the first."""
    key = tuple_(ORDERS[sort.field], Track.id)
    after = key < tuple_(*place) if sort.descending else key > tuple_(*place)
    statement = _ordered(principal, criteria, sort).where(after).limit(limit)
    return database.execute(statement).all()


def _ordered(principal: Principal, criteria: TrackFilter, sort: Sort) -> AnySelect:
    statement = select(*TRACK_COLUMNS, ORDERS[sort.field].label("sort_value"))
    return statement.where(*conditions(principal, criteria)).order_by(*_order(sort))


def _order(sort: Sort) -> tuple[SQLColumnExpression[Any], ...]:
    order: tuple[SQLColumnExpression[Any], ...] = (ORDERS[sort.field], Track.id)
    return tuple(column.desc() for column in order) if sort.descending else order


def find_start(
    database: Database, *, principal: Principal, sort: Sort, offset: int
) -> tuple[int, Start]:
    """The number of visible tracks, and an instant near the one at which the row at `offset` was
    added."""
    found = find_span(
        database,
        offset=offset,
        descending=sort.descending,
        only_public=principal.is_guest,
    )
    if found is None:
        return count_tracks(database, principal=principal, criteria=TrackFilter()), Start(offset)
    instant, before, total = found
    return total, Start(offset - before, instant)


def count_tracks(database: Database, *, principal: Principal, criteria: TrackFilter) -> int:
    if criteria == TrackFilter():
        shown = TrackCount.is_public if principal.is_guest else true()
        longest = TrackCount.shift == TrackCount.SHIFTS[0]
        return int(database.scalar(select(func.sum(TrackCount.tracks)).where(longest, shown)) or 0)
    if criteria == TrackFilter(genre=criteria.genre) and criteria.genre:
        shown = GenreCount.is_public if principal.is_guest else true()
        same = GenreCount.genre == criteria.genre.lower()
        return int(database.scalar(select(func.sum(GenreCount.tracks)).where(same, shown)) or 0)
    wanted = conditions(principal, criteria)
    return database.scalar(select(func.count()).select_from(Track).where(*wanted)) or 0
