"""Lists of tracks: what is asked for, in which order, from where on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
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
from djamms.security.principal import Principal

# Constants, not parameters: only so does PostgreSQL know the expression of an index again.
ALBUM = func.coalesce(Track.album, literal_column("''"))
# Each is the expression of an index; `id` follows as the last key of every order.
ORDERS: dict[SortField, SQLColumnExpression[Any]] = {
    SortField.ADDED: Track.created_at,
    SortField.TITLE: Track.title,
    SortField.ARTIST: Track.artist,
    SortField.ALBUM: ALBUM,
    SortField.YEAR: func.coalesce(Track.year, literal_column("0")),
    SortField.DURATION: Track.duration_seconds,
    SortField.POPULARITY: Track.popularity,
    SortField.PLAYS: Track.play_count,
}
HOUR = timedelta(hours=1)


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
    for column, part, whole in (
        (Track.artist, criteria.artist, criteria.artist_is),
        (Track.album, criteria.album, criteria.album_is),
    ):
        if part:
            found.append(column.icontains(part, autoescape=True))
        if whole:
            found.append(column == whole)
    ranges: tuple[tuple[SQLColumnExpression[Any], Bounds | None], ...] = (
        (Track.year, criteria.year),
        (Track.duration_seconds, criteria.duration_seconds),
        (Track.bitrate_kbps, criteria.bitrate_kbps),
        (Track.popularity, criteria.popularity),
    )
    return found + [within(column, bounds) for column, bounds in ranges if bounds]


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
    statement = _ordered(principal, criteria, sort).offset(start.offset).limit(limit)
    if start.instant is not None and sort.descending:
        statement = statement.where(Track.created_at < start.instant + HOUR)
    elif start.instant is not None:
        statement = statement.where(Track.created_at >= start.instant)
    return database.execute(statement).all()


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
    order: tuple[SQLColumnExpression[Any], ...] = (ORDERS[sort.field], Track.id)
    if sort.descending:
        order = tuple(column.desc() for column in order)
    statement = select(*TRACK_COLUMNS, ORDERS[sort.field].label("sort_value"))
    return statement.where(*conditions(principal, criteria)).order_by(*order)


def find_start(
    database: Database, *, principal: Principal, sort: Sort, offset: int
) -> tuple[int, Start]:
    """The number of visible tracks, and the hour in which the row at `offset` was added."""
    shown = TrackCount.is_public if principal.is_guest else true()
    hour = TrackCount.hour.desc() if sort.descending else TrackCount.hour
    tracks = func.sum(TrackCount.tracks)
    hours = (
        select(
            TrackCount.hour,
            (func.sum(tracks).over(order_by=hour) - tracks).label("before"),
            func.sum(tracks).over().label("total"),
        )
        .where(shown)
        .group_by(TrackCount.hour)
        .having(tracks > 0)
        .subquery()
    )
    found = database.execute(
        select(hours.c.hour, hours.c.before, hours.c.total)
        .where(hours.c.before <= offset)
        .order_by(hours.c.before.desc(), hours.c.hour)
        .limit(1)
    ).first()
    if found is None:
        return 0, Start(offset)
    return int(found.total), Start(offset - int(found.before), found.hour)


def count_tracks(database: Database, *, principal: Principal, criteria: TrackFilter) -> int:
    if criteria == TrackFilter():
        shown = TrackCount.is_public if principal.is_guest else true()
        return int(database.scalar(select(func.sum(TrackCount.tracks)).where(shown)) or 0)
    if criteria == TrackFilter(genre=criteria.genre) and criteria.genre:
        shown = GenreCount.is_public if principal.is_guest else true()
        same = GenreCount.genre == criteria.genre.lower()
        return int(database.scalar(select(func.sum(GenreCount.tracks)).where(same, shown)) or 0)
    wanted = conditions(principal, criteria)
    return database.scalar(select(func.count()).select_from(Track).where(*wanted)) or 0
