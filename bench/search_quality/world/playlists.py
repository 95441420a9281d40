"""Public playlists, named as venues name them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from bench.catalogue import GENRES
from bench.search_quality.world.names import Chance, phrase

SEED = 7_316
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOURS = ("Morning", "Brunch", "Lunch", "Afternoon", "Dinner", "Night", "After Hours", "Closing")
SEASONS = ("Spring", "Summer", "Autumn", "Winter")


@dataclass(frozen=True, slots=True)
class CataloguePlaylist:
    id: UUID
    name: str
    tracks: int


def playlists(library: int) -> Iterator[CataloguePlaylist]:
    """Four for every thousand tracks, each name once; what is in them is not looked at."""
    chance = random.Random(SEED)
    names: dict[str, None] = {}
    while len(names) < max(library // 250, 40):
        names[_name(chance)] = None
    for name in names:
        length = chance.randint(5, 60)
        yield CataloguePlaylist(UUID(int=chance.getrandbits(128), version=4), name, length)


def _name(chance: Chance) -> str:
    words, genre = phrase(chance, 1, 2), chance.choice(list(GENRES))
    forms = (
        words,
        f"{words} {genre}",
        f"Best of {words}",
        f"{chance.choice(DAYS)} {chance.choice(HOURS)} {genre}",
        f"{chance.choice(SEASONS)} at {words}",
        f"{words}'s {genre} Mix",
        f"{words}: {chance.choice(HOURS)} {chance.randint(2015, 2025)}",
    )
    return chance.choice(forms)
