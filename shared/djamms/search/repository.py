"""Search on PostgreSQL: full text over title, artist and album, every word as a prefix."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    Cast,
    ColumnElement,
    Float,
    Function,
    Text,
    case,
    cast,
    func,
    literal,
    literal_column,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import REGCONFIG
from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow, AnySelect
from djamms.models.track import Track
from djamms.music import list_repository as lists
from djamms.music.criteria import DURATIONS_SECONDS, Bounds
from djamms.music.repository import visible_to
from djamms.search.criteria import SearchCriteria
from djamms.security.principal import Principal

CONFIGURATION: Cast[str] = cast(literal_column("'public.djamms'"), REGCONFIG)
# One letter as a prefix would match half of the library; it stands for itself.
SHORTEST_PREFIX = 2
# How much a track's popularity (0 to 100) may add to its text score.
POPULARITY_WEIGHT = 0.002


def text_query(words: Sequence[str]) -> Function[Any]:
    """All words, each as a prefix; words hold letters and digits only, so nothing is escaped."""
    terms = [f"{word}:*" if len(word) >= SHORTEST_PREFIX else word for word in words]
    return func.to_tsquery(CONFIGURATION, " & ".join(terms))


def search(
    database: Database,
    *,
    principal: Principal,
    criteria: SearchCriteria,
    offset: int,
    limit: int,
) -> Sequence[AnyRow]:
    """One pass over all matches. Rows of (kind, value, number): kind `track` has an id and its
    place on the page; `total` a count; `genre`, `year` and `duration` the facets' counts.

    Ties go to the more popular, then by id, so that no row comes twice on different pages.
    """
    matches = _matches(principal, criteria)
    best_first = (matches.c.score.desc(), matches.c.popularity.desc(), matches.c.id)
    page = select(matches).order_by(*best_first).offset(offset).limit(limit).subquery()
    place = func.row_number().over(
        order_by=(page.c.score.desc(), page.c.popularity.desc(), page.c.id)
    )
    tracks = select(literal("track").label("kind"), cast(page.c.id, Text), cast(place, Float))
    return database.execute(union_all(tracks, _counts(matches))).all()


def _matches(principal: Principal, criteria: SearchCriteria) -> CTE:
    return (
        select(
            Track.id,
            _score(criteria).label("score"),
            Track.popularity,
            func.lower(Track.genre).label("genre"),
            (Track.year // 10 * 10).label("year"),
            _length().label("duration"),
        )
        .where(*conditions(principal, criteria))
        .cte("matches")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )


def _counts(matches: CTE) -> AnySelect:
    genre, year, length = matches.c.genre, matches.c.year, matches.c.duration
    kind = case(
        (func.grouping(genre) == 0, "genre"),
        (func.grouping(year) == 0, "year"),
        (func.grouping(length) == 0, "duration"),
        else_="total",
    )
    value = func.coalesce(genre, cast(year, Text) + "s", length)
    sets = func.grouping_sets(tuple_(genre), tuple_(year), tuple_(length), tuple_())
    return select(kind, value, cast(func.count(), Float)).group_by(sets)


def popular_tracks(
    database: Database, *, principal: Principal, offset: int, limit: int
) -> Sequence[UUID]:
    """What a search without any word or filter shows."""
    return database.scalars(
        select(Track.id)
        .where(visible_to(principal))
        .order_by(Track.popularity.desc(), Track.id)
        .offset(offset)
        .limit(limit)
    ).all()


def conditions(principal: Principal, criteria: SearchCriteria) -> list[ColumnElement[bool]]:
    found = lists.conditions(principal, criteria.tracks)
    if criteria.words:
        found.append(Track.search_vector.bool_op("@@")(text_query(criteria.words)))
    return found


def _score(criteria: SearchCriteria) -> ColumnElement[Any]:
    if not criteria.words:
        return cast(Track.popularity, Float)
    text = func.ts_rank(Track.search_vector, text_query(criteria.words))
    return text + Track.popularity * POPULARITY_WEIGHT


def _length() -> ColumnElement[str]:
    arms: list[tuple[ColumnElement[bool], ColumnElement[str]]] = [
        (lists.within(Track.duration_seconds, Bounds(*bounds)), literal_column(f"'{name}'"))
        for name, bounds in DURATIONS_SECONDS.items()
    ]
    return case(*arms)
