"""What the vocabulary says about each word of a query."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

# People type them, tags often lack them, and they are in half of the library.
WEAK_WORDS = frozenset(["a", "an", "and", "feat", "featuring", "ft", "n", "the", "vs", "with"])
# Scripts without spaces: as `search_split` parts them, for PostgreSQL and Python alike.
CJK_LETTERS = (
    r"\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u318f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    r"\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
)
# So many words at most are named in the place of one.
MOST_ALTERNATIVES = 8
# Up to this length a word that is two edits away is another word.
SHORT_WORD = 4


class Similar(NamedTuple):
    word: str
    tracks: int
    edits: int


@dataclass(frozen=True, slots=True)
class Token:
    """One word as typed, and which words of the library it may stand for. Counts are of tracks
    that the caller can see; a word that is in none of them is not here. `is_gram`: two letters of
    a script without spaces."""

    word: str
    is_gram: bool
    tracks: int
    longer: tuple[tuple[str, int], ...]
    holding: tuple[tuple[str, int], ...]
    near: tuple[Similar, ...]
    halves: tuple[tuple[str, str, int], ...]
    joined: int

    @classmethod
    def read(cls, found: Mapping[str, Any]) -> Self:
        """From one object of `repository.LOOK_UP`."""
        near = (Similar(*similar) for similar in found["near"] or ())
        return cls(
            word=found["word"],
            is_gram=found["is_gram"],
            tracks=found["tracks"],
            longer=_pairs(found["longer"]),
            holding=_pairs(found["holding"]),
            near=tuple(_believable(found["word"], near)),
            halves=tuple((a, b, n) for a, b, n in found["halves"] or ()),
            joined=found["joined"] or 0,
        )

    @property
    def is_weak(self) -> bool:
        return self.word in WEAK_WORDS

    @property
    def is_known(self) -> bool:
        """A word of the library, or the beginning of one."""
        return bool(self.tracks or self.longer)

    @property
    def is_found(self) -> bool:
        return bool(self.is_known or self.holding or self.near or self.halves)

    @property
    def best_guess(self) -> str:
        """What was meant, if it is in the library at all."""
        if self.is_known or self.is_weak:
            return self.word
        pieces = max(self.halves, key=lambda half: half[2], default=None)
        if self.near and (pieces is None or self.near[0].edits == 1):
            return self.near[0].word
        return f"{pieces[0]} {pieces[1]}" if pieces else self.word


def spelled(tokens: Sequence[Token], *, guessed: bool = False) -> list[str]:
    """What each word adds to the lexeme of a whole name, where letters of a gram stand too."""
    return [
        ("" if goes_on else token.word[0]) + token.word + token.word[1]
        if token.is_gram
        else (token.best_guess if guessed else token.word).replace(" ", "")
        for token, goes_on in _runs(tokens)
    ]


def correction(tokens: Sequence[Token]) -> str | None:
    """The query in words of the library; None when it was in them already."""
    if all(token.best_guess == token.word for token in tokens):
        return None
    parts = (
        token.word[1] if goes_on else f" {token.best_guess}" for token, goes_on in _runs(tokens)
    )
    return "".join(parts).strip()


def _runs(tokens: Sequence[Token]) -> Iterator[tuple[Token, bool]]:
    """Each word, and whether it is a gram that begins with the letter that ended the one before."""
    before: Token | None = None
    for token in tokens:
        both = before is not None and before.is_gram and token.is_gram
        yield token, bool(both and before and before.word[1] == token.word[0])
        before = token


def _pairs(found: Sequence[Sequence[Any]] | None) -> tuple[tuple[str, int], ...]:
    return tuple((word, tracks) for word, tracks in found or ())


def _believable(word: str, near: Any) -> list[Similar]:
    """Two letters in each other's place are one slip; short words bear one slip only."""
    counted = [
        similar._replace(edits=1) if _is_swap(word, similar.word) else similar for similar in near
    ]
    most = 1 if len(word) <= SHORT_WORD else 2
    kept = [similar for similar in counted if similar.edits <= most]
    return sorted(kept, key=lambda similar: (similar.edits, -similar.tracks, similar.word))


def _is_swap(one: str, other: str) -> bool:
    if len(one) != len(other):
        return False
    places = [place for place, letter in enumerate(one) if letter != other[place]]
    if len(places) != 2 or places[1] != places[0] + 1:
        return False
    first, second = places
    return one[first] == other[second] and one[second] == other[first]
