"""Labelled beginnings of names: what somebody has typed so far who wants one artist, album,
playlist or title, and which names would please them.

So much is typed that at most five names of that kind begin so: before, nobody could know.
"""

import bisect
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from bench.catalogue import CatalogueTrack
from bench.search_quality.edits import misspell
from bench.search_quality.labelled import HELD_BACK_EVERY, MOST_TRIES
from bench.search_quality.wanted import GUEST, VERSION
from bench.search_quality.world.accents import without_marks
from bench.search_quality.world.playlists import CataloguePlaylist

SEED = 5_150
PER_KIND = 45
SHOWN = 5
FEWEST_LETTERS = 3
ARTICLE = "the "


@dataclass(frozen=True, slots=True)
class LabelledName:
    """`of`: track, artist, album or playlist; `relevant`: names as `folded` gives them."""

    of: str
    kind: str
    text: str
    relevant: frozenset[str]
    held_back: bool


@dataclass(frozen=True, slots=True)
class Names:
    """All of one kind: as the tags have them, by how often they are meant, and folded, in order,
    from their first word on and from a later one."""

    shown: list[str]
    weights: list[int]
    ordered: list[str]
    later: list[str]

    def enough(self, name: str) -> int:
        """How many letters of it somebody types at least."""
        for length in range(FEWEST_LETTERS, len(name)):
            start = name[:length]
            if not start.endswith(" ") and begun(self.ordered, start) <= SHOWN:
                return length
        return len(name)


def begun(ordered: Sequence[str], start: str) -> int:
    """How many names begin so."""
    first = bisect.bisect_left(ordered, start)
    return bisect.bisect_left(ordered, start + "\U0010ffff") - first


def folded(name: str) -> str:
    """Without accents, version and guest: whoever wants the name is pleased by it in any form."""
    return without_marks(VERSION.sub("", GUEST.split(name.lower())[0])).strip()


type Chance = random.Random
type NameTypist = Callable[[str, Names, Chance], str | None]


def _begun(name: str, names: Names, chance: Chance) -> str:
    return name[: names.enough(folded(name)) + chance.randint(0, 2)].rstrip()


def _begun_wrongly(name: str, names: Names, chance: Chance) -> str | None:
    """One edit, not in the first letter; two letters more are typed than would be needed."""
    typed = name[: max(names.enough(folded(name)) + 2, 6)].rstrip()
    return _with_slip(typed, chance)


def _whole_wrongly(name: str, _: Names, chance: Chance) -> str | None:
    return _with_slip(name, chance)


def _without_article(name: str, names: Names, _: Chance) -> str | None:
    if not name.startswith(ARTICLE):
        return None
    bare = name.removeprefix(ARTICLE)
    length = names.enough(bare)
    return bare[:length] if length < len(bare) else None


def _from_second_word(name: str, names: Names, _: Chance) -> str | None:
    """Where nothing else begins as that word does."""
    later = name.partition(" ")[2]
    for length in range(4, len(later)):
        typed = later[:length]
        if " " in typed[:4]:
            return None
        start = folded(typed)
        if begun(names.later, start) <= SHOWN and not begun(names.ordered, start):
            return typed
    return None


def _with_slip(typed: str, chance: Chance) -> str | None:
    return typed[0] + misspell(typed[1:], chance) if len(typed) >= 5 else None


EVERY_KIND: dict[str, NameTypist] = {
    "begun": _begun,
    "begun, one typo": _begun_wrongly,
    "whole, one typo": _whole_wrongly,
    "second word begun": _from_second_word,
}
ARTISTS = {**EVERY_KIND, "without its article": _without_article}


def labelled_names(
    tracks: Iterable[CatalogueTrack],
    playlists: Iterable[CataloguePlaylist],
    per_way: int = PER_KIND,
) -> Iterator[LabelledName]:
    """Guests see public ones only. Every third is held back."""
    public = [track for track in tracks if track.is_public]
    sources: dict[str, Sequence[tuple[str, int]]] = {
        "track": [(VERSION.sub("", track.title), track.popularity + 5) for track in public],
        "artist": [(GUEST.split(track.artist)[0], track.popularity + 5) for track in public],
        "album": [(track.album, track.popularity + 5) for track in public if track.album],
        "playlist": [(playlist.name, 1) for playlist in playlists],
    }
    for number, (kind, source) in enumerate(sources.items()):
        names = _names(source)
        ways = ARTISTS if kind == "artist" else EVERY_KIND
        for place, (way, typist) in enumerate(ways.items()):
            chance = random.Random(SEED + number * 10 + place)
            make = partial(_typed, names, typist, chance)
            yield from _numbered(kind, way, make, per_way)


def _names(source: Iterable[tuple[str, int]]) -> Names:
    meant: dict[str, int] = {}
    for name, weight in source:
        meant[name] = meant.get(name, 0) + weight
    shown = sorted(meant)
    known = {folded(name) for name in shown}
    later = {part for name in known for part in _later(name)}
    return Names(shown, [meant[name] for name in shown], sorted(known), sorted(later))


def _later(name: str) -> Iterator[str]:
    while name := name.partition(" ")[2]:
        yield name


def _typed(names: Names, typist: NameTypist, chance: Chance) -> tuple[str, str] | None:
    name = chance.choices(names.shown, names.weights)[0].lower()
    text = typist(name, names, chance)
    return (text, folded(name)) if text else None


def _numbered(
    kind: str, way: str, make: Callable[[], tuple[str, str] | None], count: int
) -> Iterator[LabelledName]:
    found = 0
    for _ in range(count * MOST_TRIES):
        if (made := make()) is None:
            continue
        held_back = found % HELD_BACK_EVERY == HELD_BACK_EVERY - 1
        yield LabelledName(kind, f"{kind}: {way}", made[0], frozenset([made[1]]), held_back)
        found += 1
        if found == count:
            return
    raise ValueError(f"the library is too small for {count} names of the kind {kind!r}")
