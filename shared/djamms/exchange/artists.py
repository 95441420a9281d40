"""Whether two credits name the same people."""

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from djamms.exchange.words import is_slip, words

SEPARATOR = re.compile(
    r"\s*[,;/&+\u3001]\s*|\s+(?:and|und|et|y|e|x|vs\.?|with|con|meets)\s+"
    r"|\s*[(\[]?\b(?:feat|ft|featuring)\b\.?\s*",
    re.IGNORECASE,
)
WEAK = frozenset({"the", "and", "feat", "ft", "featuring", "with", "x", "vs"})
NOBODY = frozenset({(), ("unknown", "artist"), ("unknown",), ("various", "artists")})


class Credit(Enum):
    """How one credit relates to another, best first."""

    SAME = 1.0
    FEWER = 0.9
    SLIP = 0.85
    OTHER = 0.0


@dataclass(frozen=True, slots=True)
class Artist:
    words: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]

    @property
    def is_known(self) -> bool:
        return self.words not in NOBODY


@lru_cache(maxsize=8192)
def read_artist(text: str) -> Artist:
    names = (_strong(name) for name in SEPARATOR.split(text))
    return Artist(_strong(text), tuple(name for name in names if name))


def compare(one: Artist, guests: frozenset[str], other: Artist, their: frozenset[str]) -> Credit:
    """`guests` and `their` are words of those that the titles feature."""
    if not one.is_known or not other.is_known:
        return Credit.OTHER
    if set(one.words) | (guests - WEAK) == set(other.words) | (their - WEAK):
        return Credit.SAME
    if set(one.words) == set(other.words) or _holds(one, other) or _holds(other, one):
        return Credit.FEWER
    if _is_slip(one, other):
        return Credit.SLIP
    return Credit.OTHER


def shared_words(one: Artist, other: Artist) -> float:
    both = set(one.words) | set(other.words)
    return len(set(one.words) & set(other.words)) / len(both) if both else 0.0


def _holds(larger: Artist, smaller: Artist) -> bool:
    """Whether all of the smaller credit's names are in the larger, and its first among them."""
    return bool(smaller.names) and set(smaller.names) <= set(larger.names)


def _is_slip(one: Artist, other: Artist) -> bool:
    long_enough = min(len("".join(one.words)), len("".join(other.words))) >= 6
    return long_enough and is_slip(list(one.words), list(other.words))


def _strong(text: str) -> tuple[str, ...]:
    found = words(text)
    return tuple(word for word in found if word not in WEAK) or tuple(found)
