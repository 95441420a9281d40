"""The orders of a list of tracks, in the words that ask for them."""

from enum import StrEnum
from typing import NamedTuple

from djamms.errors import Unprocessable


class SortField(StrEnum):
    ADDED = "added"
    TITLE = "title"
    ARTIST = "artist"
    ALBUM = "album"
    YEAR = "year"
    DURATION = "duration"
    POPULARITY = "popularity"
    PLAYS = "plays"
    # From here on without an index: what the filters leave is sorted.
    GENRE = "genre"
    BITRATE = "bitrate"
    FILE_SIZE = "fileSize"
    UPDATED = "updatedAt"
    RATING = "rating"
    BPM = "bpm"
    TRACK_NUMBER = "trackNumber"
    # By disc, then by number: as an album is heard.
    TRACK = "track"


LARGEST_FIRST = frozenset(
    {
        *(SortField.ADDED, SortField.POPULARITY, SortField.PLAYS),
        *(SortField.UPDATED, SortField.RATING),
    }
)


class Sort(NamedTuple):
    field: SortField
    descending: bool


DEFAULT_SORT = Sort(SortField.ADDED, descending=True)
ALIASES = {
    "newest": DEFAULT_SORT,
    "oldest": Sort(SortField.ADDED, descending=False),
    "dateAdded": DEFAULT_SORT,
    "-dateAdded": Sort(SortField.ADDED, descending=False),
}
DIRECTIONS = {"asc": False, "desc": True}


def read_sort(word: str | None, order: str | None = None) -> Sort:
    """`title`, `-title`, `newest`, …; a minus reverses what the field does by itself, and `order`
    decides whatever that is."""
    found = _read(word) if word else DEFAULT_SORT
    if not order:
        return found
    if order.lower() not in DIRECTIONS:
        raise _unknown("order", order, "asc, desc")
    return found._replace(descending=DIRECTIONS[order.lower()])


def _read(word: str) -> Sort:
    if word in ALIASES:
        return ALIASES[word]
    name, reverse = word.removeprefix("-"), word.startswith("-")
    if name not in SortField:
        known = ", ".join(["newest", "oldest", "dateAdded", *SortField])
        raise _unknown("sort", word, f"{known}, or one of them after a minus")
    field = SortField(name)
    return Sort(field, (field in LARGEST_FIRST) != reverse)


def _unknown(name: str, word: str, expected: str) -> Unprocessable:
    reason = f"{word[:50]!r} is not one of: {expected}"
    return Unprocessable(f"{name}: {reason}", details=[{"field": name, "reason": reason}])
