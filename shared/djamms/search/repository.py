"""Search on PostgreSQL: full text over title, artist and album, every word as a prefix."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    Cast,
    ColumnElement,
    Function,
    Integer,
    SQLColumnExpression,
    Text,
    and_,
    case,
    cast,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import REGCONFIG
from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow
from djamms.models.track import Track
from djamms.music.repository import TRACK_COLUMNS, visible_to
from djamms.search.criteria import DURATIONS_SECONDS, Bounds, SearchCriteria
from djamms.security.principal import Principal

CONFIGURATION: Cast[str] = cast(literal_column("'public.djamms'"), REGCONFIG)
# One letter as a prefix would match half of the library; it stands for itself.
SHORTEST_PREFIX = 2
# How much a track's popularity (0 to 100) may add to its text score.
POPULARITY_WEIGHT = 0.002
FACET_VALUES = 20


def text_query(words: Sequence[str]) -> Function[Any]:
    """All words, each as a prefix; words hold letters and digits only, so nothing is escaped."""
    terms = [f"{word}:*" if len(word) >= SHORTEST_PREFIX else word for word in words]
    return func.to_tsquery(CONFIGURATION, " & ".join(terms))


def search_tracks(
    database: Database,
    *,
    principal: Principal,
    criteria: SearchCriteria,
    offset: int,
    limit: int,
) -> Sequence[AnyRow]:
    """A page of tracks, best first; ties go to the more popular, then by id: a stable order."""
    score = _score(criteria)
    return database.execute(
        select(*TRACK_COLUMNS)
        .where(*conditions(principal, criteria))
        .order_by(score.desc(), Track.popularity.desc(), Track.id)
        .offset(offset)
        .limit(limit)
    ).all()


def count_matches(database: Database, *, principal: Principal, criteria: SearchCriteria) -> int:
    statement = select(func.count()).select_from(Track).where(*conditions(principal, criteria))
    return database.scalar(statement) or 0


def count_facets(
    database: Database, *, principal: Principal, criteria: SearchCriteria
) -> Sequence[AnyRow]:
    """Rows of (facet, value, count): the most frequent genres, decades and lengths."""
    matches = (
        select(
            func.lower(Track.genre).label("genre"),
            cast(Track.year // 10 * 10, Text).concat("s").label("year"),
            _length().label("duration"),
        )
        .where(*conditions(principal, criteria))
        .cte("matches")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    counts = [_facet(matches, name) for name in ("genre", "year", "duration")]
    return database.execute(union_all(*counts)).all()


def _facet(matches: CTE, name: str) -> Any:
    value = matches.c[name]
    count = func.count().label("count")
    return (
        select(literal_column(f"'{name}'").label("facet"), value.label("value"), count)
        .where(value.is_not(None))
        .group_by(value)
        .order_by(count.desc(), value)
        .limit(FACET_VALUES)
        .subquery()
        .select()
    )


def conditions(principal: Principal, criteria: SearchCriteria) -> list[ColumnElement[bool]]:
    found = [visible_to(principal)]
    if criteria.words:
        found.append(Track.search_vector.bool_op("@@")(text_query(criteria.words)))
    if criteria.genre:
        found.append(func.lower(Track.genre) == criteria.genre.lower())
    if criteria.artist:
        found.append(Track.artist.icontains(criteria.artist, autoescape=True))
    ranges: tuple[tuple[SQLColumnExpression[Any], Bounds | None], ...] = (
        (Track.year, criteria.year),
        (Track.duration_seconds, criteria.duration_seconds),
        (Track.bitrate_kbps, criteria.bitrate_kbps),
        (Track.popularity, criteria.popularity),
    )
    return found + [_within(column, bounds) for column, bounds in ranges if bounds]


def _within(column: SQLColumnExpression[Any], bounds: Bounds) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = []
    if bounds.lowest is not None:
        parts.append(column >= bounds.lowest)
    if bounds.highest is not None:
        parts.append(column <= bounds.highest)
    return and_(*parts)


def _score(criteria: SearchCriteria) -> ColumnElement[Any]:
    if not criteria.words:
        return cast(Track.popularity, Integer)
    text = func.ts_rank(Track.search_vector, text_query(criteria.words))
    return text + Track.popularity * POPULARITY_WEIGHT


def _length() -> ColumnElement[str]:
    arms: list[tuple[ColumnElement[bool], ColumnElement[str]]] = [
        (_within(Track.duration_seconds, Bounds(*bounds)), literal_column(f"'{name}'"))
        for name, bounds in DURATIONS_SECONDS.items()
    ]
    return case(*arms)
