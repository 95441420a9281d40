"""From words to a query: every word one way or another, whole names best.

All scores are constants, so that a place can be explained: what a word matched by is worth the same
in every track. They are divided by the number of words; a query's best words come to about one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from djamms.search.engine import How
from djamms.search.opensearch.analysis import PART_LETTERS
from djamms.search.opensearch.words import Word, joined

type Clause = dict[str, Any]

FIELDS = {"title": 1.0, "artist": 0.8, "album": 0.2}
# Those whose words are also known by their ends, and joined with their neighbours.
NAMES = ("title", "artist")
EXACT, JOINED, PREFIX, PART, NEAR, FAR = 1.0, 0.45, 0.45, 0.3, 0.3, 0.15
# The whole query is the title, the artist, or both one after the other.
TITLE, ARTIST, BOTH = 2.0, 2.12, 3.0
NEARLY = 0.5
# From so many letters on a word bears one slip, or two.
ONE_SLIP, TWO_SLIPS = 3, 5
LONGEST_FUZZY = 40


@dataclass(frozen=True, slots=True)
class Way:
    """`field` and `how` name the clause in an explanation."""

    field: str
    how: How
    clause: Clause
    boost: float


def strict(words: Sequence[Word], *, named: bool = False) -> Clause:
    """As typed; the last word may be unfinished."""
    return _every(words, [_as_typed(words, at) for at in range(len(words))], named=named)


def wide(words: Sequence[Word], *, named: bool = False) -> Clause:
    """Each word may be a beginning, a part, or have slips."""
    return _every(words, [_meant(words, at) for at in range(len(words))], named=named, nearly=True)


def loose(words: Sequence[Word], *, named: bool = False) -> Clause:
    """As `wide`, but one word may be missing."""
    ways = [_meant(words, at) for at in range(len(words))]
    return _every(words, ways, named=named, nearly=True, missing=1)


def alone(words: Sequence[Word]) -> dict[str, Clause]:
    """By word, what finds it."""
    return {
        word.text: _best(_meant(words, at), 1, at, named=False)
        for at, word in enumerate(words)
        if word in required(words)
    }


def required(words: Sequence[Word]) -> list[Word]:
    return [word for word in words if not word.is_weak] or list(words)


def _every(
    words: Sequence[Word],
    ways: Sequence[Sequence[Way]],
    *,
    named: bool,
    nearly: bool = False,
    missing: int = 0,
) -> Clause:
    needed = required(words)
    clauses = [_best(ways[at], len(words), at, named=named) for at in range(len(words))]
    must = [clause for clause, word in zip(clauses, words, strict=True) if word in needed]
    should = [clause for clause, word in zip(clauses, words, strict=True) if word not in needed]
    names = [*_names(words), *(_nearly_names(words) if nearly else ())]
    if missing:
        one_less = {"bool": {"should": must, "minimum_should_match": len(must) - missing}}
        return {"bool": {"must": [one_less], "should": [*should, *names]}}
    return {"bool": {"must": must, "should": [*should, *names]}}


def _best(ways: Iterable[Way], words: int, at: int, *, named: bool) -> Clause:
    found = [
        constant(
            way.clause, way.boost / words, name=f"{at}/{way.field}/{way.how}" if named else None
        )
        for way in ways
    ]
    return found[0] if len(found) == 1 else {"dis_max": {"queries": found}}


def constant(clause: Clause, boost: float, *, name: str | None = None) -> Clause:
    body: Clause = {"filter": clause, "boost": round(boost, 4)}
    return {"constant_score": body | ({"_name": name} if name else {})}


def _as_typed(words: Sequence[Word], at: int) -> list[Way]:
    word, is_last = words[at], at == len(words) - 1
    ways = [*_exact(word), *_joined(words, at)]
    if is_last and not word.is_cjk:
        ways += _prefix(word)
        ways += _part(word) if len(words) == 1 else []
    return ways


def _meant(words: Sequence[Word], at: int) -> list[Way]:
    word = words[at]
    if word.is_cjk:
        return _as_typed(words, at)
    ways = [*_exact(word), *_joined(words, at), *_part(word), *_fuzzy(word)]
    if len(word.text) > 1 or at == len(words) - 1:
        ways += _prefix(word)
    return ways


def _exact(word: Word) -> Iterator[Way]:
    for field, weight in FIELDS.items():
        terms: list[Clause] = [{"term": {field: gram}} for gram in word.grams]
        clause = terms[0] if len(terms) == 1 else {"bool": {"filter": terms}}
        yield Way(field, "exact", clause, EXACT * weight)


def _joined(words: Sequence[Word], at: int) -> Iterator[Way]:
    """A word that is two of the track's; a whole name; and, the other way, two that are one."""
    word = words[at]
    for field in NAMES:
        if len(word.text) >= PART_LETTERS and not word.is_cjk:
            clause = {"term": {f"{field}.joined": word.text}}
            yield Way(field, "split", clause, JOINED * FIELDS[field])
        if len(words) > 1:
            clause = {"term": {f"{field}.name": word.text}}
            yield Way(field, "split", clause, EXACT * FIELDS[field])
        for one, two in pairwise(words):
            if word in (one, two) and not (one.is_cjk or two.is_cjk):
                clause = {"term": {field: one.text + two.text}}
                yield Way(field, "joined", clause, JOINED * FIELDS[field])


def _prefix(word: Word) -> Iterator[Way]:
    for field, weight in FIELDS.items():
        yield Way(field, "prefix", {"prefix": {field: word.text}}, PREFIX * weight)


def _part(word: Word) -> Iterator[Way]:
    if len(word.text) >= PART_LETTERS:
        for field in NAMES:
            clause = {"prefix": {f"{field}.endings": word.text}}
            yield Way(field, "part", clause, PART * FIELDS[field])


def _fuzzy(word: Word) -> Iterator[Way]:
    letters = len(word.text)
    if ONE_SLIP <= letters <= LONGEST_FUZZY:
        for field, weight in FIELDS.items():
            yield Way(field, "fuzzy", _near(field, word.text, 1), NEAR * weight)
            if letters >= TWO_SLIPS:
                yield Way(field, "fuzzy", _near(field, word.text, 2), FAR * weight)


def _near(field: str, text: str, edits: int) -> Clause:
    return {"fuzzy": {field: {"value": text, "fuzziness": edits, "max_expansions": 30}}}


def _names(words: Sequence[Word]) -> Iterator[Clause]:
    whole = joined(list(words))
    yield constant({"term": {"title.name": whole}}, TITLE)
    yield constant({"term": {"artist.name": whole}}, ARTIST)
    for cut in range(1, len(words)):
        one, two = joined(list(words[:cut])), joined(list(words[cut:]))
        yield constant(_both({"term": {"title.name": one}}, {"term": {"artist.name": two}}), BOTH)
        yield constant(_both({"term": {"artist.name": one}}, {"term": {"title.name": two}}), BOTH)


def _both(one: Clause, two: Clause) -> Clause:
    return {"bool": {"filter": [one, two]}}


def _nearly_names(words: Sequence[Word]) -> Iterator[Clause]:
    whole = joined(list(words))
    if len(whole) >= TWO_SLIPS:
        yield constant(_near("title.name", whole, 2), TITLE * NEARLY)
        yield constant(_near("artist.name", whole, 2), ARTIST * NEARLY)
