"""The orders of search: the best first, or one of the list's."""

from collections.abc import Sequence
from typing import Any

from djamms.music.sorting import Sort, SortField

# Other orders are those of PostgreSQL, see `is_elsewhere`: the index does not hold what they go by.
FIELDS = {
    SortField.ADDED: "added",
    SortField.TITLE: "title.plain",
    SortField.ARTIST: "artist.plain",
    SortField.ALBUM: "album.plain",
    SortField.YEAR: "year",
    SortField.DURATION: "duration",
    SortField.POPULARITY: "popularity",
    SortField.PLAYS: "play_count",
    SortField.GENRE: "genre",
    SortField.BITRATE: "bitrate",
}
# By its id at last, so that no row comes on two pages.
ID = {"id": "asc"}


def order(sort: Sort | None, *, scored: bool) -> list[dict[str, Any]]:
    """As in the list, what is not known comes last; but no album is the first album."""
    if sort is None or sort.field not in FIELDS:
        best: Sequence[dict[str, Any]] = [{"_score": "desc"}] if scored else []
        return [*best, {"popularity": "desc"}, ID]
    direction = "desc" if sort.descending else "asc"
    first = sort.field == SortField.ALBUM and not sort.descending
    by = {"order": direction, "missing": "_first" if first else "_last"}
    return [{FIELDS[sort.field]: by}, {"id": direction}]


def is_elsewhere(sort: Sort | None) -> bool:
    return sort is not None and sort.field not in FIELDS
