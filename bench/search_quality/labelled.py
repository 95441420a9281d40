"""Labelled queries, made from the catalogue: what somebody types who has one track in mind.

A label is the set of tracks that would please them: those of the same title, of the same artist,
or of both, as far as the words typed tell. One generator makes queries and labels; no person has
looked through them, and it knows nothing of how an engine works.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from uuid import UUID

from bench.catalogue import CatalogueTrack
from bench.search_quality.kinds import names, plain, scripts, slips, wording
from bench.search_quality.kinds.typist import Kind
from bench.search_quality.wanted import Answers, Wanted, wanted
from bench.search_quality.world.tracks import WorldTrack

SEED = 4_711
PER_KIND = 75
HELD_BACK_EVERY = 3
# So many tracks are looked at for each query before a kind is given up.
MOST_TRIES = 400
# New kinds come last: the older ones keep their queries.
KINDS: dict[str, Kind] = {
    **plain.KINDS,
    **slips.KINDS,
    **names.KINDS,
    **wording.KINDS,
    **scripts.KINDS,
}


@dataclass(frozen=True, slots=True)
class Labelled:
    kind: str
    text: str
    relevant: frozenset[UUID]
    held_back: bool


@dataclass(slots=True)
class Meant:
    """The tracks of some groups; popular ones are meant more often."""

    tracks: list[Wanted]
    weights: list[int]

    def one(self, chance: random.Random) -> Wanted:
        return chance.choices(self.tracks, cum_weights=self.weights)[0]


def labelled(
    library: Iterable[CatalogueTrack], others: Iterable[WorldTrack], per_kind: int = PER_KIND
) -> Iterator[Labelled]:
    """Guests see public tracks only. Every third is held back: it judges a ranking that was tuned
    without it. A small library has fewer of some kinds."""
    public = [(track, wanted(track)) for track in library if track.is_public]
    public += [(other.track, other.wanted) for other in others]
    answers = Answers((track.id, said) for track, said in public)
    for number, (name, kind) in enumerate(KINDS.items()):
        meant = _meant(public, kind)
        yield from _of_kind(name, kind, meant, answers, random.Random(SEED + number), per_kind)


def _of_kind(
    name: str, kind: Kind, meant: Meant, answers: Answers, chance: random.Random, count: int
) -> Iterator[Labelled]:
    asked: list[str] = []
    for _ in range(count * MOST_TRIES):
        said = meant.one(chance)
        typed = kind.type_(said, chance, answers)
        if typed is None:
            continue
        text, aim = typed
        if text in asked and name not in plain.KINDS:  # those are as they have always been
            continue
        relevant = answers.to(said, aim) if isinstance(aim, tuple) else answers.holding(aim)
        yield Labelled(name, text, relevant, len(asked) % HELD_BACK_EVERY == HELD_BACK_EVERY - 1)
        asked.append(text)
        if len(asked) == count:
            return
    if not asked:
        raise ValueError(f"the library is too small for queries of the kind {name!r}")


def _meant(tracks: Iterable[tuple[CatalogueTrack, Wanted]], kind: Kind) -> Meant:
    meant = [(track, said) for track, said in tracks if said.group in kind.groups]
    weights = accumulate(track.popularity + 5 for track, _ in meant)
    return Meant([said for _, said in meant], list(weights))
