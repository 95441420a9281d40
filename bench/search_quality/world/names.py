"""A name as tags have it, and how else people type it."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.catalogue import SEED, Zipf, vocabulary

type Chance = random.Random


@dataclass(frozen=True, slots=True)
class Named:
    """`key` names what is the same under several spellings; `ways` are other ways to type it."""

    shown: str
    ways: tuple[str, ...] = ()
    key: str = ""

    @property
    def said(self) -> str:
        return self.key or self.shown.lower()


@dataclass(frozen=True, slots=True)
class Made:
    """`shown_title` and `shown_artist` are the tags, version and guest included."""

    title: Named
    artist: Named
    shown_title: str
    shown_artist: str
    version: str = ""
    guest: str = ""


def plainly(title: Named, artist: Named) -> Made:
    return Made(title, artist, title.shown, artist.shown)


# Makes the tracks of one artist.
type Group = Callable[[Chance, int], Sequence[Made]]

_LIBRARY = Zipf(vocabulary(random.Random(SEED)), flat=10)


def phrase(chance: Chance, fewest: int, most: int) -> str:
    """Words of the library."""
    words = [_LIBRARY.draw(chance) for _ in range(chance.randint(fewest, most))]
    return " ".join(dict.fromkeys(words)).title()


def invented(chance: Chance, syllables: str, fewest: int, most: int) -> str:
    return "".join(chance.choices(syllables.split(), k=chance.randint(fewest, most)))
