"""What somebody has in mind, and which tracks would please them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from bench.catalogue import CatalogueTrack

VERSION = re.compile(r"\s+(\(.*\)|- .*)$")
GUEST = re.compile(r"\s+feat\. ")
LIBRARY = "library"
# From here on letters belong to scripts without spaces between words.
FIRST_UNSPACED = "\u2e80"
# Names of attributes of `Wanted`: who is pleased by any track that is the same in these.
type Aim = tuple[str, ...]
TITLE: Aim = ("title",)
ARTIST: Aim = ("artist",)
BOTH: Aim = ("title", "artist")
ARTIST_GUEST: Aim = ("artist", "guest")
TITLE_GUEST: Aim = ("title", "guest")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The track in somebody's mind, as they would say it: lower case, no version.

    `title` and `artist` say what is the same under several spellings; `typed_title` is the title as
    the tags spell it, and `…_ways` are other spellings.
    """

    title: str
    artist: str
    guest: str
    album: str = ""
    version: str = ""
    group: str = LIBRARY
    title_ways: tuple[str, ...] = ()
    artist_ways: tuple[str, ...] = ()
    typed_title: str = ""

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
    title = track.title.lower()
    return Wanted(
        title=VERSION.sub("", title),
        artist=artist,
        guest=" ".join(guests),
        album=(track.album or "").lower(),
        version=" ".join(VERSION.findall(title)).strip("()- "),
        typed_title=VERSION.sub("", title),
    )


class Answers:
    """Which tracks please, by what was aimed at."""

    def __init__(self, tracks: Iterable[tuple[UUID, Wanted]]) -> None:
        self._all = list(tracks)
        self._by: dict[Aim, dict[tuple[str, ...], set[UUID]]] = {}
        self._names: dict[str, set[str]] = {}

    def to(self, said: Wanted, aim: Aim) -> frozenset[UUID]:
        if aim not in self._by:
            self._by[aim] = self._grouped(aim)
        return frozenset(self._by[aim][_key(said, aim)])

    def holding(self, parts: Mapping[str, str]) -> frozenset[UUID]:
        """Tracks in which each attribute holds these letters, as whole words where there are
        spaces between words."""
        return frozenset(
            track_id
            for track_id, said in self._all
            if all(_holds(getattr(said, name), part) for name, part in parts.items())
        )

    def is_called(self, name: str, *, attributes: Iterable[str]) -> bool:
        """Whether anything is called exactly so, and would be meant as well."""
        return any(name in self._names_of(attribute) for attribute in attributes)

    def _names_of(self, attribute: str) -> set[str]:
        if attribute not in self._names:
            self._names[attribute] = {getattr(said, attribute) for _, said in self._all}
        return self._names[attribute]

    def _grouped(self, aim: Aim) -> dict[tuple[str, ...], set[UUID]]:
        found: defaultdict[tuple[str, ...], set[UUID]] = defaultdict(set)
        for track_id, said in self._all:
            found[_key(said, aim)].add(track_id)
        return found


def _key(said: Wanted, aim: Aim) -> tuple[str, ...]:
    return tuple(getattr(said, attribute) for attribute in aim)


def _holds(name: str, part: str) -> bool:
    is_spaced = max(part) < FIRST_UNSPACED
    return f" {part} " in f" {name} " if is_spaced else part in name
