"""The statements of search on PostgreSQL: one into the vocabulary, one into the documents.

Both answer one JSON value: the driver reads that ten times faster than rows of columns.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow
from djamms.music.repository import TRACK_COLUMNS
from djamms.search.plan import Plan
from djamms.search.tokens import MOST_ALTERNATIVES

MOST_WORDS = 12
# As `search_split` parts them.
IS_CJK = (
    r"'^[\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u318f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    r"\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]'"
)

# {n}: in how many tracks a word is, as far as the caller can see them. Every part is bounded:
# longer words come by falling frequency, level by level, until there are enough of them.
# What is asked stands in a table of its own: were it known when the server plans, it would find
# each question worth a plan of its own.
LOOK_UP = """
WITH asked AS MATERIALIZED (
    SELECT CAST(:phrase AS text) AS phrase, CAST(:enough AS integer) AS enough,
        CAST(:widely AS boolean) AS widely
),
split AS (
    SELECT word, place, word ~ {is_cjk} AS is_cjk,
        lag(word) OVER by_place AS before, lead(word) OVER by_place AS after
    FROM asked, unnest(search_split(phrase)) WITH ORDINALITY AS words (word, place)
    WINDOW by_place AS (ORDER BY place)
),
wanted AS (
    SELECT word, is_cjk, row_number() OVER (ORDER BY place) AS place FROM split
    WHERE NOT is_cjk OR length(word) = 2
    OR (left(after, 1) = word AND length(after) = 2 OR right(before, 1) = word
        AND length(before) = 2) IS NOT TRUE
),
token AS MATERIALIZED (
    SELECT word, place, is_cjk, length(word) AS letters, enough, widely,
        lead(word) OVER (ORDER BY place) AS next, count(*) OVER () AS tokens
    FROM asked, wanted WHERE place <= {most_words}
)
SELECT json_agg(json_build_object(
    'word', token.word, 'is_gram', is_cjk AND letters = 2,
    'tracks', coalesce(known.{n}, 0), 'longer', longer.words,
    'holding', holding.words, 'near', near.words, 'halves', halves.words, 'joined', joined.{n}
) ORDER BY place)
FROM token
LEFT JOIN search_words AS known ON known.word = token.word AND known.{n} > 0
LEFT JOIN search_words AS joined ON joined.word = token.word || token.next AND joined.{n} > 0
LEFT JOIN LATERAL (
    SELECT json_agg(json_build_array(word, tracks)) AS words, sum(tracks) AS tracks FROM (
        SELECT level_words.* FROM generate_series(24, 1, -1) AS level, LATERAL (
            SELECT word, {n} AS tracks FROM search_words
            WHERE magnitude = level AND word > token.word AND word < token.word || chr(1114111)
            AND {n} > 0 LIMIT {most}
        ) AS level_words WHERE (token.letters >= 2 OR place = tokens) AND NOT is_cjk LIMIT {most}
    ) AS words
) AS longer ON true
LEFT JOIN LATERAL (
    SELECT json_agg(json_build_array(word, tracks)) AS words FROM (
        SELECT word, tracks FROM (
            SELECT word, {n} AS tracks FROM search_words
            WHERE word LIKE '%_' || token.word || '%' AND {n} > 0 LIMIT 400
        ) AS few ORDER BY tracks DESC, word LIMIT {most}
    ) AS words
    WHERE token.letters >= 4 AND (
        widely OR known.word IS NULL AND longer.words IS NULL
        OR tokens = 1 AND coalesce(known.{n}, 0) + coalesce(longer.tracks, 0) <= enough
    )
) AS holding ON true
LEFT JOIN LATERAL (
    SELECT json_agg(json_build_array(word, tracks, edits)) AS words FROM (
        SELECT word, {n} AS tracks, levenshtein_less_equal(word, token.word, 2) AS edits
        FROM search_words
        WHERE search_deletions(word) && search_deletions(token.word)
        AND word <> token.word AND {n} > 0
        AND levenshtein_less_equal(word, token.word, 2) <= 2
        ORDER BY edits, tracks DESC, word LIMIT {most}
    ) AS words
    WHERE token.letters BETWEEN 3 AND 40 AND (
        widely OR known.word IS NULL AND (longer.words IS NULL OR place < tokens)
    )
) AS near ON true
LEFT JOIN LATERAL (
    SELECT json_agg(json_build_array(first.word, second.word, least(first.{n}, second.{n})))
        AS words
    FROM generate_series(2, token.letters - 2) AS cut
    JOIN LATERAL (SELECT word, {n} FROM search_words WHERE word = left(token.word, cut)
        AND {n} > 0 OFFSET 0) AS first ON true
    JOIN LATERAL (SELECT word, {n} FROM search_words WHERE word = substr(token.word, cut + 1)
        AND {n} > 0 OFFSET 0) AS second ON true
    WHERE known.word IS NULL AND token.letters <= 40
) AS halves ON true
"""

# Tiers come in the order of their numbers, and a limit ends the reading, so the window holds the
# most popular matches. Places are ranked block by block: a later page never moves an earlier one.
# What lies behind the page is counted only. What is asked stands in a table of its own, as above,
# and `OFFSET 0` keeps the server from looking for turns of a track.
FIND = """
WITH asked AS MATERIALIZED (
    SELECT CAST(:queries AS tsquery[]) AS queries, CAST(:recheck AS tsquery) AS recheck,
        greatest(:size, CAST(:most_counted AS bigint)) AS most
),
found AS MATERIALIZED (
    SELECT track_id, popularity, genre, year, duration_seconds, place,
        CASE WHEN place > :skipped AND place <= :size THEN words END AS words
    FROM (SELECT document.*, row_number() OVER () AS place
    FROM asked, unnest(queries) WITH ORDINALITY AS turn (query, number), LATERAL (
        SELECT track_id, popularity, genre, year, duration_seconds, words
        FROM search_documents WHERE {conditions}
        AND (number = 1 OR NOT words @@ queries[1]) AND (recheck IS NULL OR words @@ recheck)
        OFFSET 0
    ) AS document LIMIT (SELECT most FROM asked)) AS documents
),
page AS (
    SELECT *, row_number() OVER () AS rank FROM (
        SELECT track_id FROM (
            SELECT track_id, popularity, (place - 1) / :block AS part, {score} AS score FROM found
            WHERE place > :skipped AND place <= :size
        ) AS scored
        ORDER BY part, score DESC, popularity DESC, track_id LIMIT :limit OFFSET :offset
    ) AS ranked
),
counted AS (
    SELECT CASE WHEN grouping(genre) = 0 THEN 'genre' WHEN grouping(decade) = 0 THEN 'year'
            ELSE 'duration' END AS kind,
        coalesce(genre, decade || 's', length) AS value, count(*) AS tracks
    FROM (
        SELECT genre, year / 10 * 10 AS decade, CASE WHEN duration_seconds < 180 THEN 'short'
            WHEN duration_seconds <= 300 THEN 'medium' ELSE 'long' END AS length
        FROM found WHERE place <= :block
    ) AS kinds
    GROUP BY GROUPING SETS ((genre), (decade), (length))
)
SELECT json_build_object(
    'total', (SELECT count(*) FROM found),
    'corrects', CASE WHEN CAST(:corrected AS tsquery) IS NULL THEN false
        ELSE (SELECT bool_or(words @@ CAST(:corrected AS tsquery)) FROM found) END,
    'facets', (SELECT json_agg(json_build_array(kind, value, tracks)) FROM counted
        WHERE value IS NOT NULL),
    'tracks', (SELECT json_agg(json_build_array({columns}) ORDER BY rank)
        FROM page JOIN tracks ON tracks.id = page.track_id)
)
"""
# In floating point: with a number that has a decimal point PostgreSQL reckons digit by digit.
SCORE = """
coalesce((words @@ CAST(:both AS tsquery))::int * 3, 0)
+ coalesce((words @@ CAST(:title AS tsquery))::int * 2, 0)
+ coalesce((words @@ CAST(:artist AS tsquery))::int * float8 '2.12', 0)
+ :exact_weight * coalesce(ts_rank('{0.8, 0.2, 0.8, 1}', words, CAST(:exact AS tsquery)), 0)
+ :longer_weight * coalesce(ts_rank('{0.8, 0.2, 0.8, 1}', words, CAST(:longer AS tsquery)), 0)
+ :part_weight * coalesce(ts_rank('{0.8, 0.2, 0.8, 1}', words, CAST(:part AS tsquery)), 0)
+ :near_weight * coalesce(ts_rank('{0.8, 0.2, 0.8, 1}', words, CAST(:near AS tsquery)), 0)
+ :far_weight * coalesce(ts_rank('{0.8, 0.2, 0.8, 1}', words, CAST(:far AS tsquery)), 0)
+ popularity * float8 '0.001' - length(words) * float8 '0.004'
"""
# In how many tracks the words are that hold the longest part of an artist's name, about.
ARTIST_REACH = """
SELECT (
    SELECT coalesce(sum(tracks), 0) FROM (
        SELECT {n} AS tracks FROM search_words WHERE word LIKE '%' || part || '%' LIMIT 400
    ) AS words
) FROM (
    SELECT part FROM unnest(search_split(:name)) AS part ORDER BY length(part) DESC LIMIT 1
) AS longest WHERE length(part) >= 3
"""
ARTIST_CONTAINS = "position(search_plain(:artist_name) IN artist) > 0"
# The same, by the index of trigrams.
ARTIST_LIKE = (
    "artist LIKE '%'"
    " || regexp_replace(search_plain(:artist_name), '([\\\\%_])', '\\\\\\1', 'g') || '%'"
)


@dataclass(frozen=True, slots=True)
class Window:
    """`size` matches are read, those after `skipped` ranked in blocks of `block`, and of them
    `limit` shown from `offset` on. Up to `most_counted` are counted."""

    size: int
    block: int
    skipped: int
    offset: int
    limit: int
    most_counted: int


@dataclass(frozen=True, slots=True)
class Found:
    """`corrects`: whether the plan's correction is the name of something that was found."""

    tracks: list[AnyRow]
    total: int
    corrects: bool
    facets: list[tuple[str, str, int]]


def look_up(
    database: Database, *, phrase: str, only_public: bool, enough: int, widely: bool
) -> list[dict[str, Any]]:
    """An object for each word of the phrase, in order; see `tokens.Token.read`."""
    values = {"phrase": phrase, "enough": enough, "widely": widely}
    return database.scalar(_look_up(_count(only_public)), values) or []


def artist_reach(database: Database, *, name: str, only_public: bool) -> int | None:
    """About how many tracks have such an artist; None when the name is too short to tell."""
    statement = _artist_reach(_count(only_public))
    reach: int | None = database.scalar(statement, {"name": name})
    return reach


def find(
    database: Database,
    *,
    plan: Plan,
    conditions: Sequence[str],
    values: Mapping[str, Any],
    window: Window,
) -> Found:
    match = "words @@ query" if plan.queries else "true"
    statement = _find(" AND ".join([match, *conditions]))
    queries = list(plan.queries) or ["'-'"]
    words = {"queries": queries, "recheck": plan.recheck}
    bound = {**words, "corrected": plan.corrected, **plan.score, **values, **asdict(window)}
    found = database.scalar(statement, bound)
    return Found(
        tracks=[_row(values) for values in found["tracks"] or ()],
        total=found["total"],
        corrects=bool(found["corrects"]),
        facets=found["facets"] or [],
    )


def _count(only_public: bool) -> str:
    return "public_tracks" if only_public else "tracks"


@cache
def _look_up(count: str) -> TextClause:
    words = {"n": count, "most_words": MOST_WORDS, "is_cjk": IS_CJK, "most": MOST_ALTERNATIVES}
    return text(LOOK_UP.format(**words))


@cache
def _artist_reach(count: str) -> TextClause:
    return text(ARTIST_REACH.format(n=count))


@cache
def _find(conditions: str) -> TextClause:
    columns = ", ".join(f"tracks.{column.name}" for column in _columns())
    return text(FIND.format(conditions=conditions, score=SCORE, columns=columns))


def _columns() -> list[Any]:
    return [attribute.property.columns[0] for attribute in TRACK_COLUMNS]


_NAMES = [attribute.key for attribute in TRACK_COLUMNS]
TrackRow = namedtuple("TrackRow", _NAMES)  # type: ignore[misc]
# JSON has neither ids nor times.
_READERS: dict[str, Callable[[str], Any]] = {
    "id": UUID,
    "created_at": datetime.fromisoformat,
    "updated_at": datetime.fromisoformat,
}
_PLACES = [(_NAMES.index(name), read) for name, read in _READERS.items()]


def _row(values: list[Any]) -> AnyRow:
    for place, read in _PLACES:
        values[place] = read(values[place])
    return cast(AnyRow, TrackRow._make(values))
