"""The statements of search on PostgreSQL: one into the vocabulary, one into the documents.

Both answer one JSON value: the driver reads that ten times faster than rows of columns.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.dialects.postgresql import dialect
from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow
from djamms.music.order_repository import order_by
from djamms.music.sorting import Sort
from djamms.search.facet_repository import (
    COUNTED_COLUMNS,
    asked_for,
    count_facets,
    look_for,
)
from djamms.search.plan import Plan
from djamms.search.rows_repository import columns, read_row
from djamms.search.tokens import CJK_LETTERS, MOST_ALTERNATIVES

MOST_WORDS = 12
IS_CJK = f"'^[{CJK_LETTERS}]'"

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
        greatest(:size, CAST(:most_counted AS bigint)) AS most {asked}
),
found AS MATERIALIZED (
    SELECT {counted_columns}, place,
        CASE WHEN place > :skipped AND place <= :size THEN words END AS words
    FROM (SELECT document.*, row_number() OVER () AS place
    FROM asked, unnest(queries) WITH ORDINALITY AS turn (query, number), LATERAL (
        SELECT {counted_columns}, words
        FROM search_documents WHERE {conditions}
        AND (number = 1 OR NOT words @@ queries[1]) AND (recheck IS NULL OR words @@ recheck)
        OFFSET 0
    ) AS document LIMIT (SELECT most FROM asked)) AS documents
),
best AS MATERIALIZED (SELECT * FROM found WHERE place <= :block),
{others}
page AS ({page}),
{facets}
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
RANKED = """
SELECT *, row_number() OVER () AS rank FROM (
    SELECT track_id FROM (
        SELECT track_id, popularity, (place - 1) / :block AS part, {score} AS score FROM found
        WHERE place > :skipped AND place <= :size
    ) AS scored
    ORDER BY part, score DESC, popularity DESC, track_id LIMIT :limit OFFSET :offset
) AS ranked
"""
# As lists of tracks are; of what was found, all is looked at.
SORTED = """
SELECT *, row_number() OVER () AS rank FROM (
    SELECT track_id FROM found JOIN tracks ON tracks.id = track_id
    ORDER BY {order} LIMIT :limit OFFSET :offset
) AS sorted
"""
# In floating point: with a number that has a decimal point PostgreSQL reckons digit by digit.
POPULARITY = "popularity * float8 '0.001'"
TEXT = """
coalesce((words @@ CAST(:both AS tsquery))::int * 3, 0)
+ coalesce((words @@ CAST(:title AS tsquery))::int * 2, 0)
+ coalesce((words @@ CAST(:artist AS tsquery))::int * float8 '2.12', 0)
+ :exact_weight * coalesce(ts_rank('{0.8, 0.2, 0.8, 1}', words, CAST(:exact AS tsquery)), 0)
+ :longer_weight * coalesce(ts_rank('{0.8, 0.2, 0.8, 1}', words, CAST(:longer AS tsquery)), 0)
+ :part_weight * coalesce(ts_rank('{0.8, 0.2, 0.8, 1}', words, CAST(:part AS tsquery)), 0)
+ :near_weight * coalesce(ts_rank('{0.8, 0.2, 0.8, 1}', words, CAST(:near AS tsquery)), 0)
+ :far_weight * coalesce(ts_rank('{0.8, 0.2, 0.8, 1}', words, CAST(:far AS tsquery)), 0)
- least(length(words), 40) * float8 '0.004'
"""
SCORE = f"{TEXT} + {POPULARITY}"
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
class Look:
    """What documents to read: a plan's, of which further conditions hold."""

    plan: Plan
    conditions: Sequence[str]

    @property
    def where(self) -> str:
        match = "words @@ query" if self.plan.queries else "true"
        return " AND ".join([match, *self.conditions])

    @property
    def asked(self) -> dict[str, Any]:
        queries = list(self.plan.queries) or ["'-'"]
        words = {"queries": queries, "recheck": self.plan.recheck}
        return {**words, "corrected": self.plan.corrected}


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
    return database.scalar(look_up_statement(only_public), values) or []


def artist_reach(database: Database, *, name: str, only_public: bool) -> int | None:
    """About how many tracks have such an artist; None when the name is too short to tell."""
    statement = _artist_reach(_count(only_public))
    reach: int | None = database.scalar(statement, {"name": name})
    return reach


def find(
    database: Database,
    *,
    look: Look,
    others: Mapping[str, Look],
    values: Mapping[str, Any],
    window: Window,
    sort: Sort | None,
) -> Found:
    """`others`: what to look at for a facet, where that is not what was found."""
    conditions = tuple((facet, other.where) for facet, other in others.items())
    statement = _find(look.where, conditions, sort)
    bound = {**look.asked, **look.plan.score, **values, **asdict(window)}
    for facet, other in others.items():
        bound |= {f"{name}_{facet}": value for name, value in other.asked.items()}
    found = database.scalar(statement, bound)
    return Found(
        tracks=[read_row(values) for values in found["tracks"] or ()],
        total=found["total"],
        corrects=bool(found["corrects"]),
        facets=found["facets"] or [],
    )


def _count(only_public: bool) -> str:
    return "public_tracks" if only_public else "tracks"


@cache
def look_up_statement(only_public: bool) -> TextClause:
    words = {
        "n": _count(only_public),
        "most_words": MOST_WORDS,
        "is_cjk": IS_CJK,
        "most": MOST_ALTERNATIVES,
    }
    return text(LOOK_UP.format(**words))


@cache
def _artist_reach(count: str) -> TextClause:
    return text(ARTIST_REACH.format(n=count))


@cache
def _find(where: str, others: tuple[tuple[str, str], ...], sort: Sort | None) -> TextClause:
    page = SORTED.format(order=_order(sort)) if sort else RANKED.format(score=SCORE)
    return text(
        FIND.format(
            conditions=where,
            page=page,
            columns=columns(),
            counted_columns=COUNTED_COLUMNS,
            asked="".join(asked_for(facet) for facet, _ in others),
            others="".join(look_for(facet, conditions) for facet, conditions in others),
            facets=count_facets([facet for facet, _ in others]),
        )
    )


def _order(sort: Sort) -> str:
    orders: list[Any] = list(order_by(sort))
    postgres: Any = dialect
    literal = {"literal_binds": True}
    return ", ".join(str(one.compile(dialect=postgres(), compile_kwargs=literal)) for one in orders)
