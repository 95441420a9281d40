"""What a list of tracks may be asked for."""

from dataclasses import dataclass
from enum import StrEnum


class TrackSort(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    TITLE = "title"
    ARTIST = "artist"
    POPULARITY = "popularity"


@dataclass(frozen=True, slots=True)
class TrackFilter:
    genre: str | None = None
    artist: str | None = None
