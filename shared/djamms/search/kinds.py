"""What can be found."""

from enum import StrEnum


class Kind(StrEnum):
    TRACK = "track"
    ARTIST = "artist"
    ALBUM = "album"
    PLAYLIST = "playlist"
