"""A title taken apart: its name, which version of it is meant, and who is featured."""

import re
from dataclasses import dataclass
from functools import lru_cache

from djamms.exchange.words import words


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that tell one recording of a piece from another.
VERSION_WORDS = _set(
    "8d acappella accapella acoustic acoustica alternate arrangement bootleg chopped clean club "
    "concert cover covers demo demos dub edit extended famous instrumental instrumentals interlude "
    "karaoke lullaby live mashup medley mono nightcore orchestral originally outtake performed "
    "piano playback radio rehearsal remake remaster remix reprise rerecorded reverb screwed "
    "session sessions slowed sped stereo strings style take tribute unplugged vip vocal"
)
# The same, where an album is named for them.
ALBUM_WORDS = VERSION_WORDS & _set(
    "acoustic concert cover covers demo demos instrumental instrumentals karaoke live lullaby "
    "nightcore orchestral rehearsal remaster remix slowed sped tribute unplugged"
)
SAME_WORD = {
    **dict.fromkeys(("remastered", "remasters", "remastering", "remasterise"), "remaster"),
    **dict.fromkeys(("remixes", "remixed"), "remix"),
    **dict.fromkeys(("instrumentals", "instr"), "instrumental"),
    "demos": "demo",
    "covers": "cover",
    "sessions": "session",
    "dubbed": "dub",
}
# Say nothing beside a version word.
FILLERS = _set(
    "version versions mix edition audio the a at in from on of digital digitally recording "
    "recorded and s"
)
# A segment that holds one of these names a version, whatever else it holds.
NAMING = frozenset({"version", "versions", "mix", "edit"})
# Segments that leave the recording what it is.
NOISE = re.compile(
    r"(?:the )?(?:(?:original|album|lp|full|main)(?: (?:version|mix|recording))?"
    r"|official(?: (?:music|lyrics?|hd|4k))?(?: (?:video|audio|visualizer|clip))?"
    r"|(?:music|lyrics?) video|lyrics?|with lyrics|audio|video|visualizer|hd|hq|4k"
    r"|explicit(?: version)?|bonus(?: track)?|deluxe(?: edition)?)"
)
SEGMENT = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]|\s[-\u2013\u2014]\s")
FEATURED = re.compile(r"\b(?:feat|ft|featuring)\b\.?\s*(.*)$", re.IGNORECASE)
GUESTS = re.compile(r"\s*(?:with|con|avec|mit|w/)\s+(.*)$", re.IGNORECASE)
HYPHENS = re.compile(r"\b(re|a)[- ](record|master|mix|cappella|capella)", re.IGNORECASE)
POSSESSIVE = re.compile("['\u2018\u2019](?=s\\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Title:
    """`name` in order; `version`: what it says about which recording it is; `featured`: words."""

    name: tuple[str, ...]
    version: frozenset[str]
    featured: frozenset[str]

    @property
    def version_words(self) -> frozenset[str]:
        """Wherever they stand."""
        return (self.version | frozenset(self.name)) & VERSION_WORDS


@lru_cache(maxsize=8192)
def read_title(text: str) -> Title:
    name: list[str] = []
    version: set[str] = set()
    featured: set[str] = set()
    for part, is_aside in _parts(HYPHENS.sub(r"\1\2", text)):
        rest, guests = _without_guests(part, is_aside)
        featured |= set(guests)
        found = [SAME_WORD.get(word, word) for word in words(rest)]
        if is_aside and NOISE.fullmatch(" ".join(found)):
            continue
        if is_aside and (VERSION_WORDS | NAMING) & set(found):
            version |= _said(rest)
        else:
            name += found
    _move_trailing(name, version)
    if len(name) > 1 and name[0] == "the":
        del name[0]
    return Title(tuple(name), frozenset(version), frozenset(featured))


@lru_cache(maxsize=8192)
def album_words(album: str | None) -> frozenset[str]:
    found = words(HYPHENS.sub(r"\1\2", album or ""))
    return frozenset(SAME_WORD.get(word, word) for word in found) & ALBUM_WORDS


def _parts(text: str) -> list[tuple[str, bool]]:
    """Segments in order, and whether each is an aside: in brackets, or behind a dash."""
    found, start, behind_dash = [], 0, False
    for mark in SEGMENT.finditer(text):
        found.append((text[start : mark.start()], behind_dash))
        if mark[1] is None:
            behind_dash = True
        else:
            found.append((mark[1], True))
        start = mark.end()
    found.append((text[start:], behind_dash))
    return [(part, is_aside) for part, is_aside in found if part.strip()]


def _without_guests(part: str, is_aside: bool) -> tuple[str, list[str]]:
    named = FEATURED.search(part) or (GUESTS.match(part) if is_aside else None)
    if named is None:
        return part, []
    return part[: named.start()], [word for word in words(named[1]) if word != "and"]


def _said(segment: str) -> set[str]:
    """'Ada Lunt's Remix' and 'Ada Lunt Remix', '2013 Remaster' and 'Remastered 2013' are one."""
    found = [SAME_WORD.get(word, word) for word in words(POSSESSIVE.sub(" ", segment))]
    kept = {word for word in found if word not in FILLERS}
    if "radio" in kept:
        kept -= {"edit"}
    return kept or set(found)


def _move_trailing(name: list[str], version: set[str]) -> None:
    """'Night Ferry live' is said without brackets as well."""
    count = 0
    while count < len(name) - 1 and name[-1 - count] in VERSION_WORDS | NAMING:
        count += 1
    tail = name[len(name) - count :]
    if set(tail) & VERSION_WORDS:
        del name[len(name) - count :]
        version |= _said(" ".join(tail))
