"""Tracks by what their words go on as: as search finds them, but nothing is counted."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session as Database

from djamms.search import repository
from djamms.search.engine import Suggestion
from djamms.search.kinds import Kind
from djamms.search.plan import plan
from djamms.search.tokens import MOST_ALTERNATIVES, Similar, Token
from djamms.security.principal import Principal

# So many matches are ranked, the most popular first.
RANKED = 200
# A slip in a word of fewer letters makes another word.
SHORTEST_SLIPPED = 4
# {n}: in how many tracks a word is, as far as the caller can see them.
SLIPS = """
SELECT json_agg(json_build_array(near.words) ORDER BY place)
FROM unnest(CAST(:words AS text[])) WITH ORDINALITY AS typed (word, place), LATERAL (
    SELECT json_agg(json_build_array(word, tracks)) AS words FROM (
        SELECT known.word, known.{n} AS tracks FROM search_words AS known
        WHERE search_beginnings(known.word) && search_slips(typed.word) AND known.{n} > 0
        AND NOT starts_with(known.word, typed.word) AND search_is_slip(known.word, typed.word)
        ORDER BY tracks DESC, word LIMIT {most}
    ) AS known WHERE length(typed.word) >= {shortest}
) AS near
"""
# As in `repository.FIND`.
FIND = """
WITH asked AS MATERIALIZED (
    SELECT CAST(:queries AS tsquery[]) AS queries, CAST(:recheck AS tsquery) AS recheck
),
found AS MATERIALIZED (
    SELECT document.* FROM asked, unnest(queries) WITH ORDINALITY AS turn (query, number), LATERAL (
        SELECT track_id, popularity, words FROM search_documents
        WHERE words @@ query AND (number = 1 OR NOT words @@ queries[1])
        AND (recheck IS NULL OR words @@ recheck) AND {visible}
        OFFSET 0
    ) AS document LIMIT :ranked
)
SELECT json_agg(json_build_array(track_id, score)) FROM (
    SELECT track_id, {score} - {artist} AS score FROM found
    ORDER BY score DESC, popularity DESC, track_id LIMIT :most
) AS best
"""
# Who types an artist's name is shown the artist; of tracks, those that are called so come first.
ARTIST = "coalesce((words @@ CAST(:artist AS tsquery))::int * float8 '1.5', 0)"


def find_tracks(
    database: Database, *, words: Sequence[Mapping[str, Any]], viewer: Principal, limit: int
) -> list[Suggestion]:
    """`words` as `repository.look_up` has them. Tracks that have them come before those that have
    similar ones."""
    tokens = [_one_slip_at_most(Token.read(token)) for token in words]
    tracks = _find(database, tokens, viewer, limit)
    if len(tracks) < limit:
        slipped = _with_slips(database, tokens, viewer)
        if slipped != tokens:
            tracks |= {**_find(database, slipped, viewer, limit), **tracks}
    return [
        Suggestion(kind=Kind.TRACK, keys=(track_id,), score=score)
        for track_id, score in list(tracks.items())[:limit]
    ]


def _find(
    database: Database, tokens: Sequence[Token], viewer: Principal, limit: int
) -> dict[str, float]:
    wanted = plan(tokens, filters=(), enough=RANKED, loosely=False)
    if not wanted.queries:
        return {}
    values = {
        "queries": list(wanted.queries),
        "recheck": wanted.recheck,
        "ranked": RANKED,
        "most": limit,
        **wanted.score,
    }
    return dict(database.scalar(_statement(viewer.is_guest), values) or ())


def _with_slips(database: Database, tokens: Sequence[Token], viewer: Principal) -> list[Token]:
    words = {"words": [token.word for token in tokens]}
    near = database.scalar(_slips(viewer.is_guest), words) or []
    return [_with(token, words or ()) for token, (words,) in zip(tokens, near, strict=True)]


def _one_slip_at_most(token: Token) -> Token:
    """As names bear it; a search, which is typed to its end, bears two."""
    return replace(token, near=tuple(similar for similar in token.near if similar.edits == 1))


def _with(token: Token, words: Sequence[tuple[str, int]]) -> Token:
    known = {similar.word for similar in token.near}
    more = [Similar(word, tracks, 1) for word, tracks in words if word not in known]
    return replace(token, near=(*token.near, *more)) if more else token


@cache
def _slips(only_public: bool) -> TextClause:
    count = "public_tracks" if only_public else "tracks"
    return text(SLIPS.format(n=count, most=MOST_ALTERNATIVES, shortest=SHORTEST_SLIPPED))


@cache
def _statement(only_public: bool) -> TextClause:
    visible = "is_public" if only_public else "true"
    return text(FIND.format(visible=visible, score=repository.SCORE, artist=ARTIST))
