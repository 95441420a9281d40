"""Artists, albums and playlists by their names: one statement, which answers one JSON value. Where
tracks are asked for too, it looks up the words of the library beside it."""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session as Database

from djamms.search import repository
from djamms.search.engine import Suggestion
from djamms.search.kinds import Kind
from djamms.search.tokens import WEAK_WORDS
from djamms.security.principal import Principal

# As `search_names` numbers them.
KINDS = {1: Kind.ARTIST, 2: Kind.ALBUM, 3: Kind.PLAYLIST}
NUMBERS = {kind: number for number, kind in KINDS.items()}
MOST_WORDS = 12
# So many names that hold the longest word are looked at, the largest first.
MOST_LOOKED_AT = 200
# So many words may stand for one that was slipped on, and of each so many names are looked at.
MOST_SLIPS, MOST_SLIPPED = 12, 30
# As `search_magnitude` says it of all that there is.
LARGEST = 24

# What is named here is looked at once more before it is shown.
PUBLIC = "named.is_public"
OWN = """named.kind <> 3 OR named.is_public OR named.digest IN (
    SELECT id::text FROM playlists, asked WHERE is_active AND NOT playlists.is_public AND (
        owner_id = viewer
        OR id IN (SELECT playlist_id FROM playlist_collaborators WHERE user_id = viewer)
    )
)"""
ALL = "true"
# A slip may stand for words that names have which the caller can see: first for those that are
# typed to their end, then for the shorter ones, and of these for those of most names.
# Level by level the names come by falling size, so that one letter costs as much as a rare word.
# What is asked stands in a table of its own, so that the server plans for no question in special.
NAMES = """
WITH asked AS MATERIALIZED (
    SELECT CAST(:phrase AS text) AS phrase, CAST(:kinds AS integer[]) AS kinds,
        CAST(:viewer AS uuid) AS viewer
),
wanted AS MATERIALIZED (SELECT kind::smallint AS kind FROM asked, unnest(kinds) AS kind),
split AS MATERIALIZED (
    SELECT word, place, word IN ({weak}) AS is_weak
    FROM asked, unnest(search_split(phrase)) WITH ORDINALITY AS words (word, place)
    WHERE word <> '' AND place <= {most_words}
),
whole AS MATERIALIZED (
    SELECT left(string_agg(word, '' ORDER BY place), 60) AS word, count(*) AS words FROM split
),
token AS MATERIALIZED (
    SELECT DISTINCT ON (word) word, near.words AS slips
    FROM split LEFT JOIN LATERAL (
        SELECT array_agg(word) AS words FROM (
            SELECT * FROM (
                SELECT nearest.*, names FROM (
                    SELECT known.word, length(known.word) > length(split.word) + 1 AS is_beginning
                    FROM search_name_vocabulary AS known
                    WHERE search_beginnings(known.word) && search_slips(split.word)
                    AND NOT starts_with(known.word, split.word)
                    AND search_is_slip(known.word, split.word)
                    ORDER BY is_beginning, length(known.word), known.word OFFSET 0
                ) AS nearest, LATERAL (
                    SELECT count(*) AS names FROM wanted, LATERAL (
                        SELECT FROM search_name_words AS named
                        WHERE named.kind = wanted.kind AND named.word = nearest.word
                        AND magnitude >= (wanted.kind <> 3)::integer AND ({visible})
                        LIMIT {most_slipped}
                    ) AS shown
                ) AS counted WHERE names > 0 LIMIT 2 * {most_slips}
            ) AS seen ORDER BY is_beginning, names DESC, word LIMIT {most_slips}
        ) AS near
    ) AS near ON length(split.word) >= 4
    WHERE NOT is_weak OR NOT EXISTS (SELECT FROM split AS other WHERE NOT other.is_weak)
),
longest AS MATERIALIZED (SELECT word, slips FROM token ORDER BY length(word) DESC, word LIMIT 1),
beginning AS MATERIALIZED (
    SELECT word FROM longest UNION SELECT word FROM whole WHERE words > 1
),
candidate AS (
    SELECT kind, literal.digest FROM wanted, beginning, LATERAL (
        SELECT of_level.digest
        FROM generate_series({largest}, (kind <> 3)::integer, -1) AS level, LATERAL (
            SELECT digest FROM search_name_words AS named
            WHERE named.kind = wanted.kind AND magnitude = level
            AND named.word >= beginning.word AND named.word < beginning.word || chr(1114111)
            AND ({visible}) LIMIT {most_looked_at}
        ) AS of_level LIMIT {most_looked_at}
    ) AS literal
    UNION
    SELECT kind, slipped.digest FROM wanted, longest, unnest(slips) AS near, LATERAL (
        SELECT digest FROM search_name_words AS named
        WHERE named.kind = wanted.kind AND named.word = near
        AND magnitude >= (wanted.kind <> 3)::integer AND ({visible})
        ORDER BY magnitude DESC LIMIT {most_slipped}
    ) AS slipped
),
judged AS (
    SELECT name.kind, name.digest, keys, (
        CASE WHEN name.whole = whole.word THEN 20 WHEN starts_with(name.whole, whole.word) THEN 5
            WHEN is_literal THEN 4 ELSE 0 END
        + is_there::integer * float8 '0.5' + magnitude * float8 '0.25'
        - cardinality(name.words) * float8 '0.02'
    ) AS score
    FROM candidate, whole, LATERAL (
        SELECT * FROM search_names AS known
        WHERE known.kind = candidate.kind AND known.digest = candidate.digest LIMIT 1
    ) AS name, LATERAL (
        SELECT bool_and(literal) AS is_literal, bool_and(there) AS is_there,
            bool_and(literal OR slipped) AS is_match
        FROM (
            SELECT coalesce(name.words && token.slips, false) AS slipped,
                token.word = ANY (name.words) AS there,
                EXISTS (
                    SELECT FROM unnest(name.words || name.whole) AS word
                    WHERE starts_with(word, token.word)
                ) AS literal
            FROM token
        ) AS each
    ) AS matched
    WHERE is_match OR starts_with(name.whole, whole.word)
)
SELECT json_agg(json_build_array(kind, keys, score) ORDER BY score DESC, digest) FROM (
    SELECT *, row_number() OVER (PARTITION BY kind ORDER BY score DESC, digest) AS rank FROM judged
) AS ranked WHERE rank <= :most
"""


class FoundNames(NamedTuple):
    """`words` are those of `repository.look_up`, where they were asked for."""

    names: list[Suggestion]
    words: list[dict[str, Any]]


def find_names(
    database: Database,
    *,
    phrase: str,
    viewer: Principal,
    kinds: Sequence[Kind],
    limit: int,
    enough: int | None = None,
) -> FoundNames:
    """The best first within each kind; their names are as they are kept, see `named_repository`.
    With `enough`, what the library's words say about the phrase: a round trip less."""
    numbers = [NUMBERS[kind] for kind in kinds if kind in NUMBERS]
    visible = PUBLIC if viewer.is_guest else ALL if viewer.is_admin else OWN
    values = {"phrase": phrase, "kinds": numbers, "viewer": viewer.user_id, "most": limit}
    if enough is None:
        return FoundNames(_suggestions(database.scalar(_names(visible), values)), [])
    values |= {"enough": enough, "widely": False}
    names, words = database.scalar(_names_and_words(visible, viewer.is_guest), values)
    return FoundNames(_suggestions(names), words or [])


def _suggestions(found: Sequence[tuple[int, list[str], float]] | None) -> list[Suggestion]:
    return [_suggestion(KINDS[number], keys, score) for number, keys, score in found or ()]


@cache
def _names_and_words(visible: str, only_public: bool) -> TextClause:
    words = repository.look_up_statement(only_public)
    return text(f"SELECT json_build_array(({_names(visible).text}), ({words.text}))")


@cache
def _names(visible: str) -> TextClause:
    return text(
        NAMES.format(
            visible=visible,
            weak=", ".join(f"'{word}'" for word in sorted(WEAK_WORDS)),
            most_words=MOST_WORDS,
            most_slips=MOST_SLIPS,
            most_slipped=MOST_SLIPPED,
            most_looked_at=MOST_LOOKED_AT,
            largest=LARGEST,
        )
    )


def _suggestion(kind: Kind, keys: list[str], score: float) -> Suggestion:
    return Suggestion(kind=kind, keys=tuple(keys), score=score)
