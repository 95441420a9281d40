"""The tracks of every group, and what is said of them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from bench.catalogue import BITRATES, GENRES, NEWEST, CatalogueTrack
from bench.search_quality.wanted import Wanted
from bench.search_quality.world.accents import accents
from bench.search_quality.world.names import Chance, Group, Made
from bench.search_quality.world.scripts import chinese, greek, japanese, korean, russian
from bench.search_quality.world.signs import signs
from bench.search_quality.world.wording import guests, numbers, versions

SEED = 1_862
OF_ONE_ARTIST = 6
GROUPS: dict[str, Group] = {
    "signs": signs,
    "accents": accents,
    "versions": versions,
    "guests": guests,
    "numbers": numbers,
    "chinese": chinese,
    "japanese": japanese,
    "korean": korean,
    "russian": russian,
    "greek": greek,
}


@dataclass(frozen=True, slots=True)
class WorldTrack:
    track: CatalogueTrack
    wanted: Wanted


def world(library: int) -> Iterator[WorldTrack]:
    """Four for every hundred tracks of the library, as many of each group."""
    artists = max(library // 25 // len(GROUPS) // OF_ONE_ARTIST, 4)
    for number, (name, group) in enumerate(GROUPS.items()):
        chance = random.Random(SEED + number)
        for _ in range(artists):
            album = chance.choice(group(chance, 3)).title.shown
            for place, made in enumerate(group(chance, OF_ONE_ARTIST), start=1):
                track = _track(made, album, place, chance)
                yield WorldTrack(track, _wanted(made, album, name))


def _wanted(made: Made, album: str, group: str) -> Wanted:
    return Wanted(
        title=made.title.said,
        artist=made.artist.said,
        guest=made.guest,
        album=album.lower(),
        version=made.version,
        group=group,
        title_ways=made.title.ways,
        artist_ways=made.artist.ways,
        typed_title=made.title.shown.lower(),
    )


def _track(made: Made, album: str, place: int, chance: Chance) -> CatalogueTrack:
    popularity = min(int(chance.expovariate(1 / 22)), 100)
    return CatalogueTrack(
        id=UUID(int=chance.getrandbits(128), version=4),
        title=made.shown_title,
        artist=made.shown_artist,
        album=album,
        genre=chance.choice(list(GENRES)),
        duration_seconds=max(int(chance.lognormvariate(5.4, 0.35)), 20),
        year=chance.randint(1960, 2025),
        bitrate_kbps=chance.choice(list(BITRATES)),
        popularity=popularity,
        play_count=popularity * 3,
        track_number=place,
        is_public=True,
        created_at=NEWEST - timedelta(seconds=chance.randrange(10_000_000)),
    )
