"""From words to a query: every word one way or another, whole names best.

All scores are constants, so that a place can be explained: what a word matched by is worth the same
in every track. They are divided by the number of words; a query's best words come to about one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from djamms.search.engine import How
from djamms.search.opensearch.analysis import PART_LETTERS
from djamms.search.opensearch.near import Near
from djamms.search.words import Word, joined

type Clause = dict[str, Any]

FIELDS = {"title": 1.0, "artist": 0.8, "album": 0.2, "own_tags": 0.2}
# Those whose words are also known by their ends, and joined with their neighbours.
NAMES = ("title", "artist")
EXACT, JOINED, PREFIX, PART, NEAR, FAR = 1.0, 0.45, 0.45, 0.3, 0.3, 0.15
# The whole query is a title, an artist, an album; or two of them one after the other.
TITLE, ARTIST, ALBUM, BOTH, ALBUM_OF, BEGUN = 2.0, 2.23, 0.75, 3.0, 2.0, 1.5
# A name without asides comes before the same with some.
BARE = 0.15
BEGUN_LETTERS = 3
# The shortest of two words that were written as one.
HALF_LETTERS = 2
# What pages that people copy from say of a recording.
NOISE = frozenset(["official", "video", "audio", "lyric", "lyrics", "hd", "hq"])
_SAID = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
NUMBERS = {str(number): word for number, word in enumerate(_SAID)} | {
    word: str(number) for number, word in enumerate(_SAID)
}
# As it was meant, most likely.
NEARLY = 0.8


@dataclass(frozen=True, slots=True)
class Way:
    """`field` and `how` name the clause in an explanation."""

    field: str
    how: How
    clause: Clause
    boost: float


def strict(words: Sequence[Word], *, named: bool = False) -> Clause:
    """As typed; the last word may be unfinished."""
    ways = [_as_typed(words, at) for at in range(len(words))]
    return _every(words, ways, names=_names(words), named=named)


def wide(words: Sequence[Word], near: Near, *, named: bool = False, missing: int = 0) -> Clause:
    """Each word may be a beginning, a part, or one of those that are near; so many may be
    missing."""
    ways = [_meant(words, at, near) for at in range(len(words))]
    names = [*_names(words), *_names(_guessed(words, near), NEARLY)]
    return _every(words, ways, names=names, named=named, missing=missing)


def alone(words: Sequence[Word], near: Near) -> dict[str, Clause]:
    """By word, what finds it."""
    return {
        word.text: _best(_meant(words, at, near), 1, at, named=False)
        for at, word in enumerate(words)
        if word in required(words)
    }


def required(words: Sequence[Word], *, loosely: bool = False) -> list[Word]:
    strong = [word for word in words if not word.is_weak] or list(words)
    return [word for word in strong if not (loosely and word.text in NOISE)] or strong


def _every(
    words: Sequence[Word],
    ways: Sequence[Sequence[Way]],
    *,
    names: Iterable[Clause],
    named: bool,
    missing: int = 0,
) -> Clause:
    needed = required(words, loosely=missing > 0)
    clauses = [_best(ways[at], len(words), at, named=named) for at in range(len(words))]
    must = [clause for clause, word in zip(clauses, words, strict=True) if word in needed]
    should = [clause for clause, word in zip(clauses, words, strict=True) if word not in needed]
    should += names
    if missing:
        must = [{"bool": {"should": must, "minimum_should_match": max(len(must) - missing, 1)}}]
    return {"bool": {"must": must, "should": should}}


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


def _meant(words: Sequence[Word], at: int, near: Near) -> list[Way]:
    word = words[at]
    if word.is_cjk:
        return [*_as_typed(words, at), *_across(word)]
    ways = [*_exact(word), *_joined(words, at), *_part(word), *_halves(word)]
    ways += _fuzzy(word, near)
    if other := NUMBERS.get(word.text):
        ways += _exact(replace(word, text=other))
    if len(word.text) > 1 or at == len(words) - 1:
        ways += _prefix(word)
    return ways


def _exact(word: Word) -> Iterator[Way]:
    for field, weight in FIELDS.items():
        terms: list[Clause] = [{"term": {field: gram}} for gram in word.grams]
        clause = terms[0] if len(terms) == 1 else {"bool": {"filter": terms}}
        yield Way(field, "exact", clause, EXACT * weight)


def _across(word: Word) -> Iterator[Way]:
    """Two names without a space between them: no pair of letters bridges them."""
    pairs: list[Clause] = [
        {"bool": {"should": [{"term": {field: gram}} for field in FIELDS]}} for gram in word.grams
    ]
    if len(pairs) > 2:
        clause = {"bool": {"should": pairs, "minimum_should_match": len(pairs) - 1}}
        yield Way("title", "split", clause, PART)


def _joined(words: Sequence[Word], at: int) -> Iterator[Way]:
    """A word that is two of the track's; a whole name; and, the other way, two that are one."""
    word = words[at]
    for field in NAMES:
        if len(word.text) >= PART_LETTERS and not word.is_cjk:
            clause = {"term": {f"{field}.joined": word.text}}
            yield Way(field, "split", clause, JOINED * FIELDS[field])
        yield Way(field, "split", _is(field, word.text), JOINED * FIELDS[field])
        for one, two in pairwise(words):
            if word in (one, two) and not (one.is_cjk or two.is_cjk):
                clause = {"term": {field: one.text + two.text}}
                yield Way(field, "joined", clause, JOINED * FIELDS[field])


def _halves(word: Word) -> Iterator[Way]:
    if clause := halves(word.text):
        yield Way("title", "split", clause, PART)


def halves(text: str) -> Clause | None:
    """Two words that were written as one, wherever they are, such as in title and artist."""
    cuts = range(HALF_LETTERS, len(text) - HALF_LETTERS + 1)
    pairs = [_both({"term": {"all": text[:cut]}}, {"term": {"all": text[cut:]}}) for cut in cuts]
    return {"bool": {"should": pairs}} if pairs else None


def _prefix(word: Word) -> Iterator[Way]:
    for field, weight in FIELDS.items():
        yield Way(field, "prefix", {"prefix": {field: word.text}}, PREFIX * weight)


def _part(word: Word) -> Iterator[Way]:
    if len(word.text) >= PART_LETTERS:
        for field in NAMES:
            clause = {"prefix": {f"{field}.endings": word.text}}
            yield Way(field, "part", clause, PART * FIELDS[field])


def _fuzzy(word: Word, near: Near) -> Iterator[Way]:
    for edits, boost in ((1, NEAR), (2, FAR)):
        meant = [one.text for one in near.get(word.text, ()) if one.edits == edits]
        for field, weight in FIELDS.items() if meant else ():
            yield Way(field, "fuzzy", {"terms": {field: meant}}, boost * weight)


def _guessed(words: Sequence[Word], near: Near) -> list[Word]:
    """Each word as it was meant, most likely."""
    return [
        replace(word, text=near[word.text][0].text) if near.get(word.text) else word
        for word in words
    ]


def _names(words: Sequence[Word], certainty: float = 1.0) -> Iterator[Clause]:
    """The whole query is a name, or two of them, the last perhaps unfinished."""
    whole = joined(words)
    for field, boost in (("title", TITLE), ("artist", ARTIST), ("album", ALBUM)):
        yield constant(_is(field, whole), boost * certainty - BARE)
        if field in NAMES:
            yield constant({"term": {f"{field}.whole": whole}}, BARE)
    for cut in range(1, len(words)):
        one, two = joined(words[:cut]), joined(words[cut:])
        yield constant({"terms": {"title.whole": [one, two]}}, BARE)
        for first, second in ((one, two), (two, one)):
            yield constant(_both(_is("title", first), _is("artist", second)), BOTH * certainty)
            yield constant(_both(_is("album", first), _is("artist", second)), ALBUM_OF * certainty)
        if len(two) >= BEGUN_LETTERS:
            begun = {"prefix": {"title.name": two}}
            yield constant(_both(_is("artist", one), begun), BEGUN * certainty)


def _is(field: str, name: str) -> Clause:
    return {"term": {f"{field}.name": name}}


def _both(one: Clause, two: Clause) -> Clause:
    return {"bool": {"filter": [one, two]}}
