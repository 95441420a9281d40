"""Which words of a track each word of the query came to, and how."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Literal, NamedTuple

from djamms.search.engine import How
from djamms.search.plan import ARTIST, TITLE
from djamms.search.tokens import Token

type Field = Literal["title", "artist", "album", "tags"]
# By the positions of `search_document()`.
FIELDS: dict[int, Field] = {1: "title", 2: "artist", 3: "album", 4: "tags"}
NAMES: dict[str, Field] = {TITLE: "title", ARTIST: "artist"}


class Hit(NamedTuple):
    """`word` as typed, `lexeme` as the track has it."""

    word: str
    field: Field
    how: How
    lexeme: str


def find_hits(tokens: Sequence[Token], lexemes: Mapping[str, Sequence[int]]) -> list[Hit]:
    """Of each word in each field only what matched best."""
    found: list[Hit] = []
    for token, following in zip_longest(tokens, tokens[1:]):
        of_fields: dict[Field, list[Hit]] = {}
        for hit in _hits(token, following, lexemes):
            known = of_fields.setdefault(hit.field, [])
            if not known or known[0].how == hit.how:
                known.append(hit)
        found += [hit for hits in of_fields.values() for hit in hits]
    return found


def _hits(
    token: Token, following: Token | None, lexemes: Mapping[str, Sequence[int]]
) -> Iterator[Hit]:
    """The best way first."""
    for how, wanted in _ways(token, following, lexemes):
        for lexeme in wanted:
            for place in lexemes.get(lexeme, ()):
                yield Hit(token.word, FIELDS[place], how, lexeme)
    if not token.tracks:
        for sign, name in NAMES.items():
            if sign + token.word in lexemes:
                yield Hit(token.word, name, "joined", token.word)


def _ways(
    token: Token, following: Token | None, lexemes: Mapping[str, Sequence[int]]
) -> Iterator[tuple[How, list[str]]]:
    yield "exact", [token.word]
    if following and token.joined:
        yield "joined", [token.word + following.word]
    for one, two, _ in token.halves:
        if one in lexemes and two in lexemes:
            yield "split", [one, two]
    if token.longer:
        begun = (one for one in lexemes if one.startswith(token.word) and one != token.word)
        yield "prefix", list(begun)
    yield "part", [word for word, _ in token.holding]
    yield "fuzzy", [similar.word for similar in token.near]
