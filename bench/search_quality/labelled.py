"""Labelled queries, made from the catalogue: what somebody types who has one track in mind.

A label is the set of tracks that would please them: those of the same title, of the same artist,
or of both, as far as the words typed tell.
"""

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from uuid import UUID

from bench.catalogue import CatalogueTrack
from bench.search_quality.edits import halves, inner_part, misspell, unfinished, without_accents

SEED = 4_711
PER_KIND = 75
HELD_BACK_EVERY = 3
VERSION = re.compile(r"\s+(\(.*\)|- .*)$")
GUEST = re.compile(r"\s+feat\. ")


@dataclass(frozen=True, slots=True)
class Labelled:
    kind: str
    text: str
    relevant: frozenset[UUID]
    held_back: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """The track in somebody's mind, as they would say it: lower case, no version."""

    title: str
    artist: str
    guest: str

    @property
    def title_words(self) -> list[str]:
        return self.title.split()

    @property
    def artist_words(self) -> list[str]:
        return self.artist.split()

    @property
    def long_words(self) -> list[str]:
        """Those that can be split or cut and still say something."""
        return [word for word in self.title_words + self.artist_words if len(word) >= 6]


def wanted(track: CatalogueTrack) -> Wanted:
    artist, *guests = GUEST.split(track.artist.lower())
    return Wanted(VERSION.sub("", track.title.lower()), artist, " ".join(guests))


type Chance = random.Random
# What is typed, or None where the track offers nothing of the kind; and what pleases.
type Typist = Callable[[Wanted, Chance], tuple[str, str] | None]


def _title(track: Wanted, _: Chance) -> tuple[str, str]:
    return track.title, "title"


def _artist(track: Wanted, _: Chance) -> tuple[str, str]:
    return track.artist, "artist"


def _both(track: Wanted, chance: Chance) -> tuple[str, str]:
    parts = [track.title, track.artist]
    chance.shuffle(parts)
    return " ".join(parts), "both"


def _swapped(track: Wanted, chance: Chance) -> tuple[str, str]:
    words = track.title_words + track.artist_words
    chance.shuffle(words)
    return " ".join(words), "both"


def _plain_letters(track: Wanted, chance: Chance) -> tuple[str, str] | None:
    text, aim = _both(track, chance)
    plain = without_accents(text)
    return None if plain == text else (plain, aim)


def _typos(track: Wanted, chance: Chance, *, words: int, edits: int) -> tuple[str, str] | None:
    """In `words` words, `edits` in each; half of the people say the artist too."""
    text, aim = _both(track, chance) if chance.random() < 0.5 else _title(track, chance)
    typed = text.split()
    shortest = 7 if edits > 1 else 4
    places = [place for place, word in enumerate(typed) if len(word) >= shortest]
    if len(places) < words:
        return None
    for place in chance.sample(places, words):
        typed[place] = misspell(typed[place], chance, edits)
    return " ".join(typed), aim


def _last_unfinished(track: Wanted, chance: Chance) -> tuple[str, str] | None:
    text, aim = _both(track, chance)
    *first, last = text.split()
    return (" ".join([*first, unfinished(last, chance)]), aim) if len(last) > 3 else None


def _part(track: Wanted, chance: Chance) -> tuple[str, str] | None:
    return _with_long_word(track, chance, inner_part)


def _split(track: Wanted, chance: Chance) -> tuple[str, str] | None:
    return _with_long_word(track, chance, halves)


def _with_long_word(
    track: Wanted, chance: Chance, change: Callable[[str, Chance], str]
) -> tuple[str, str] | None:
    if not track.long_words:
        return None
    word = chance.choice(track.long_words)
    typed = [change(w, chance) if w == word else w for w in track.title_words + track.artist_words]
    return " ".join(typed), "both"


def _joined(track: Wanted, chance: Chance) -> tuple[str, str] | None:
    """The artist in one word; half of the time the title beside it."""
    if len(track.artist_words) < 2:
        return None
    joined = "".join(re.findall(r"\w+", track.artist))
    return (joined, "artist") if chance.random() < 0.5 else (f"{joined} {track.title}", "both")


def _featuring(track: Wanted, chance: Chance) -> tuple[str, str] | None:
    if not track.guest:
        return None
    sign = chance.choice(["feat", "ft.", "featuring", "feat.", "with"])
    main = chance.choice([track.artist, track.title, f"{track.artist} {track.title}"])
    aim = "guests" if main == track.artist else "title guests" if main == track.title else "both"
    return f"{main} {sign} {track.guest}", aim


KINDS: dict[str, Typist] = {
    "title": _title,
    "artist": _artist,
    "title and artist": _both,
    "swapped words": _swapped,
    "no accents": _plain_letters,
    "one typo": partial(_typos, words=1, edits=1),
    "two edits in a word": partial(_typos, words=1, edits=2),
    "typos in two words": partial(_typos, words=2, edits=1),
    "unfinished word": _last_unfinished,
    "part of a word": _part,
    "word split": _split,
    "artist joined": _joined,
    "featuring": _featuring,
}


class Answers:
    """Which tracks please, by what was aimed at."""

    def __init__(self, tracks: Iterable[CatalogueTrack]) -> None:
        self._tracks: defaultdict[tuple[str, ...], set[UUID]] = defaultdict(set)
        for track in tracks:
            said = wanted(track)
            for aim in ("title", "artist", "both", "guests", "title guests"):
                self._tracks[self._key(said, aim)].add(track.id)

    def to(self, said: Wanted, aim: str) -> frozenset[UUID]:
        return frozenset(self._tracks[self._key(said, aim)])

    @staticmethod
    def _key(said: Wanted, aim: str) -> tuple[str, ...]:
        parts = {
            "title": (said.title,),
            "artist": (said.artist,),
            "both": (said.title, said.artist),
            "guests": (said.artist, said.guest),
            "title guests": (said.title, said.guest),
        }
        return (aim, *parts[aim])


def labelled(tracks: Iterable[CatalogueTrack], per_kind: int = PER_KIND) -> Iterator[Labelled]:
    """Popular tracks are meant more often; guests see public ones only. Every third is held back:
    it judges a ranking that was tuned without it."""
    public = [track for track in tracks if track.is_public]
    answers = Answers(public)
    weights = list(accumulate(track.popularity + 5 for track in public))
    for number, (kind, typist) in enumerate(KINDS.items()):
        chance = random.Random(SEED + number)
        found = 0
        while found < per_kind:
            said = wanted(chance.choices(public, cum_weights=weights)[0])
            if (typed := typist(said, chance)) is not None:
                text, aim = typed
                held_back = found % HELD_BACK_EVERY == HELD_BACK_EVERY - 1
                yield Labelled(kind, text, answers.to(said, aim), held_back)
                found += 1
