"""What a list of tracks may be asked for: filters in the frontend's words, and orders.

`any`, `all` and the empty string are absent.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from djamms.errors import Unprocessable

ABSENT = frozenset({"", "any", "all"})
DURATIONS_SECONDS = {"short": (None, 179), "medium": (180, 300), "long": (301, None)}
POPULARITIES = {"high": (81, None), "medium": (40, 80), "low": (None, 39)}


class Bounds(NamedTuple):
    """Inclusive; None = open."""

    lowest: int | None
    highest: int | None


@dataclass(frozen=True, slots=True)
class TrackFilter:
    """Texts ending in `_is` and a genre match whole, the others a part, in any case; names of
    artists and albums with or without accents."""

    genre: str | None = None
    artist: str | None = None
    artist_is: str | None = None
    album: str | None = None
    album_is: str | None = None
    year: Bounds | None = None
    duration_seconds: Bounds | None = None
    bitrate_kbps: Bounds | None = None
    popularity: Bounds | None = None


class SortField(StrEnum):
    ADDED = "added"
    TITLE = "title"
    ARTIST = "artist"
    ALBUM = "album"
    YEAR = "year"
    DURATION = "duration"
    POPULARITY = "popularity"
    PLAYS = "plays"


LARGEST_FIRST = frozenset({SortField.ADDED, SortField.POPULARITY, SortField.PLAYS})


class Sort(NamedTuple):
    field: SortField
    descending: bool


DEFAULT_SORT = Sort(SortField.ADDED, descending=True)
ALIASES = {"newest": DEFAULT_SORT, "oldest": Sort(SortField.ADDED, descending=False)}


def read_sort(word: str | None) -> Sort:
    """`title`, `-title`, `newest`, …; a minus reverses what the field does by itself."""
    if not word:
        return DEFAULT_SORT
    if word in ALIASES:
        return ALIASES[word]
    name, reverse = word.removeprefix("-"), word.startswith("-")
    if name not in SortField:
        known = ", ".join([*ALIASES, *SortField])
        raise _unknown("sort", word, f"{known}, or one of them after a minus")
    field = SortField(name)
    return Sort(field, (field in LARGEST_FIRST) != reverse)


def read_filter(given: Mapping[str, str | None]) -> TrackFilter:
    """Raises Unprocessable, naming the filter whose word is unknown."""
    words = {
        name: value.strip()
        for name, value in given.items()
        if value and value.strip().lower() not in ABSENT
    }
    return TrackFilter(
        genre=words.get("genre"),
        artist=words.get("artist"),
        artist_is=words.get("artist_is"),
        album=words.get("album"),
        album_is=words.get("album_is"),
        year=_year(words.get("year")),
        duration_seconds=_word(DURATIONS_SECONDS, "duration", words.get("duration")),
        bitrate_kbps=_at_least(words.get("bitrate")),
        popularity=_word(POPULARITIES, "popularity", words.get("popularity")),
    )


def _year(text: str | None) -> Bounds | None:
    if text is None:
        return None
    if decade := re.fullmatch(r"(\d{3})0s", text):
        start = int(decade[1]) * 10
        return Bounds(start, start + 9)
    if before := re.fullmatch(r"pre-(\d{4})", text):
        return Bounds(None, int(before[1]) - 1)
    if re.fullmatch(r"\d{4}", text):
        return Bounds(int(text), int(text))
    raise _unknown("year", text, "a year such as 1999, a decade such as 1990s, or pre-1990")


def _at_least(text: str | None) -> Bounds | None:
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,5}", text):
        raise _unknown("bitrate", text, "a number of kbit/s such as 320")
    return Bounds(int(text), None)


def _word(
    words: Mapping[str, tuple[int | None, int | None]], name: str, text: str | None
) -> Bounds | None:
    if text is None:
        return None
    if text.lower() not in words:
        raise _unknown(name, text, ", ".join(words))
    return Bounds(*words[text.lower()])


def _unknown(name: str, text: str, expected: str) -> Unprocessable:
    reason = f"{text[:50]!r} is not one of: {expected}"
    return Unprocessable(f"{name}: {reason}", details=[{"field": name, "reason": reason}])
