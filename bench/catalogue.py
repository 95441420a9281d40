"""A library as venues have it, made up from a seed: the same number gives the same tracks.

Words follow the law of Zipf and Mandelbrot, as titles do: one track in ten has "love" in it, most
words are rare. That makes a search index work for its answer; evenly spread words would flatter it.
"""

import bisect
import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

SEED = 20_251
WORDS = 12_000
COMMON = (
    "love you the me my night time heart baby life day dance world girl man blue home light good "
    "way back sun eyes dream rain fire sky summer party live down one new little moon song soul "
    "road rock boy street river black red sweet lost tonight city magic star again never forever "
    "gone free high body feel run fall wild golden angel ocean electric midnight paradise"
)
SYLLABLES = (
    "ka lo mi ren ta vo sha bel dor ni fa ru zen tal or in ei ly mar go pe sil du ha wo an ster "
    "ber cha tri no que li mon dra ve sto ple"
)
ACCENTED = ("björk", "señor", "café", "naïve", "sigur", "ærø", "für", "été", "mañana", "chão")
GENRES = {
    "Rock": 18, "Pop": 17, "Electronic": 11, "Hip Hop": 10, "Jazz": 7, "Classical": 6, "R&B": 5,
    "House": 5, "Soul": 4, "Country": 4, "Metal": 4, "Reggae": 3, "Folk": 3, "Blues": 3, "Latin": 3,
    "Techno": 3, "Disco": 2, "Funk": 2, "Ambient": 2, "Punk": 2,
}  # fmt: skip
SUFFIXES = ("(Live)", "(Remastered)", "(Radio Edit)", "(Acoustic)", "(Club Mix)", "- 2011 Remaster")
BITRATES = {128: 8, 192: 12, 256: 25, 320: 45, 900: 10}
NEWEST = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CatalogueTrack:
    id: UUID
    title: str
    artist: str
    album: str | None
    genre: str | None
    duration_seconds: int
    year: int | None
    bitrate_kbps: int
    popularity: int
    play_count: int
    track_number: int
    is_public: bool
    created_at: datetime


class Zipf[T]:
    """Draws an item by its rank, about as often as 1 / (rank + flat)."""

    def __init__(self, items: Sequence[T], flat: float) -> None:
        self._items = items
        weights = (1 / (rank + flat) for rank in range(1, len(items) + 1))
        self._sums = list(itertools.accumulate(weights))

    def draw(self, chance: random.Random) -> T:
        return self._items[bisect.bisect(self._sums, chance.random() * self._sums[-1])]


def vocabulary(chance: random.Random) -> list[str]:
    syllables = SYLLABLES.split()
    words = dict.fromkeys([*COMMON.split(), *ACCENTED])
    while len(words) < WORDS:
        words["".join(chance.choices(syllables, k=chance.randint(2, 4)))] = None
    return list(words)


@dataclass(slots=True)
class Album:
    artist: str
    title: str
    genre: str
    year: int
    tracks: int = 0


class Catalogue:
    def __init__(self, seed: int = SEED) -> None:
        self._chance = random.Random(seed)
        self._words = Zipf(vocabulary(self._chance), flat=10)
        self._genres = list(GENRES), list(GENRES.values())

    def tracks(self, count: int) -> Iterator[CatalogueTrack]:
        chance = self._chance
        artists = Zipf([self._artist() for _ in range(max(count // 15, 1))], flat=50)
        albums: dict[str, Album] = {}
        for number in range(count):
            artist = artists.draw(chance)
            album = albums.get(artist)
            if album is None or album.tracks >= chance.randint(8, 16):
                album = albums[artist] = self._album(artist)
            album.tracks += 1
            yield self._track(album, NEWEST - timedelta(seconds=600 * (count - number)))

    def _track(self, album: Album, created_at: datetime) -> CatalogueTrack:
        chance = self._chance
        popularity = min(int(chance.expovariate(1 / 22)), 100)
        return CatalogueTrack(
            id=UUID(int=chance.getrandbits(128), version=4),
            title=self._title(),
            artist=self._credited(album.artist),
            album=None if chance.random() < 0.08 else album.title,
            genre=None if chance.random() < 0.05 else album.genre,
            duration_seconds=max(int(chance.lognormvariate(5.4, 0.35)), 20),
            year=None if chance.random() < 0.06 else album.year,
            bitrate_kbps=chance.choices(list(BITRATES), list(BITRATES.values()))[0],
            popularity=popularity,
            play_count=int(chance.expovariate(1 / (1 + popularity * 3))),
            track_number=album.tracks,
            is_public=chance.random() < 0.97,
            created_at=created_at,
        )

    def _artist(self) -> str:
        name = self._phrase(1, 2)
        forms = (name, f"The {name}", f"DJ {name}", f"{name} & the Crew")
        return self._chance.choices(forms, (80, 14, 3, 3))[0]

    def _credited(self, artist: str) -> str:
        guest = self._chance.random() < 0.06
        return f"{artist} feat. {self._phrase(1, 2)}" if guest else artist

    def _album(self, artist: str) -> Album:
        genres, weights = self._genres
        chance = self._chance
        year = 2025 - min(int(chance.expovariate(1 / 14)), 65)
        return Album(artist, self._phrase(1, 3), chance.choices(genres, weights)[0], year)

    def _title(self) -> str:
        title = self._phrase(1, 4)
        if self._chance.random() < 0.15:
            title += f" {self._chance.choice(SUFFIXES)}"
        return title

    def _phrase(self, fewest: int, most: int) -> str:
        words = [self._words.draw(self._chance) for _ in range(self._chance.randint(fewest, most))]
        return " ".join(dict.fromkeys(words)).title()


def queries(tracks: Sequence[CatalogueTrack], count: int, seed: int = SEED) -> list[str]:
    """What people type: a word or two of a title, an artist, both, and words half typed."""
    chance = random.Random(seed)
    return [_query(chance, chance.choice(tracks)) for _ in range(count)]


def _query(chance: random.Random, track: CatalogueTrack) -> str:
    title, artist = track.title.lower().split(), track.artist.lower().split()
    kind = chance.random()
    if kind < 0.3:
        words = title[:1]
    elif kind < 0.5:
        words = title[:2]
    elif kind < 0.75:
        words = artist[:2]
    else:
        words = [*artist[:1], *title[:2]]
    if chance.random() < 0.3 and len(words[-1]) > 3:
        words[-1] = words[-1][: chance.randint(3, len(words[-1]) - 1)]
    return " ".join(words)
