import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bench.search_quality.wanted import LIBRARY, Aim, Answers, Wanted

type Chance = random.Random
# What is typed, and what pleases: tracks that are the same in some attributes of the one in mind,
# or that hold certain letters in them.
type Typed = tuple[str, Aim | Mapping[str, str]]
# None where the track offers nothing of the kind.
type Typist = Callable[[Wanted, Chance], Typed | None]
# For those that must know the other names of the library.
type InformedTypist = Callable[[Wanted, Chance, Answers], Typed | None]


@dataclass(frozen=True, slots=True)
class Kind:
    """`groups` are those of the tracks that are meant."""

    type_: InformedTypist
    groups: tuple[str, ...] = (LIBRARY,)


def kind(typist: Typist, *groups: str) -> Kind:
    return Kind(lambda track, chance, _: typist(track, chance), groups or (LIBRARY,))


def informed(typist: InformedTypist, *groups: str) -> Kind:
    return Kind(typist, groups or (LIBRARY,))


def mixed(chance: Chance, *parts: str) -> str:
    """In any order."""
    words = list(parts)
    chance.shuffle(words)
    return " ".join(words)
