"""Lists of tracks: pages by number and behind a place, and how many there are.

Orders without an index sort what the filters leave.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select, true, tuple_
from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow, AnySelect
from djamms.models.counts import GenreCount, TrackCount
from djamms.models.track import Track
from djamms.music.criteria import TrackFilter
from djamms.music.filter_repository import conditions
from djamms.music.order_repository import order_by, order_key
from djamms.music.repository import TRACK_COLUMNS
from djamms.music.sorting import Sort
from djamms.music.span_repository import find_span
from djamms.security.principal import Principal

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
    order = order_by(sort)
    wanted = conditions(principal, criteria)
    ids = select(Track.id).where(*wanted).order_by(*order).offset(offset).limit(limit).subquery()
    found = select(*TRACK_COLUMNS, order_key(sort).label("sort_value"))
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
    key = tuple_(order_key(sort), Track.id)
    after = key < tuple_(*place) if sort.descending else key > tuple_(*place)
    statement = _ordered(principal, criteria, sort).where(after).limit(limit)
    return database.execute(statement).all()


def _ordered(principal: Principal, criteria: TrackFilter, sort: Sort) -> AnySelect:
    statement = select(*TRACK_COLUMNS, order_key(sort).label("sort_value"))
    return statement.where(*conditions(principal, criteria)).order_by(*order_by(sort))


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
        return count_of_genre(database, key=criteria.genre, only_public=principal.is_guest)
    wanted = conditions(principal, criteria)
    return database.scalar(select(func.count()).select_from(Track).where(*wanted)) or 0


def count_of_genre(database: Database, *, key: str, only_public: bool) -> int:
    """From the kept counts."""
    shown = GenreCount.is_public if only_public else true()
    same = GenreCount.key == key
    return int(database.scalar(select(func.sum(GenreCount.tracks)).where(same, shown)) or 0)
