"""What every format of playlist is read into and written from."""

import re
from dataclasses import dataclass, field
from typing import Any, NoReturn
from urllib.parse import unquote, urlsplit
from uuid import UUID

from djamms.errors import Unprocessable
from djamms.exchange.matching import plain_isrc

MAX_ROWS = 10_000
MAX_TEXT, MAX_NAME, MAX_DESCRIPTION = 500, 255, 5000
MAX_SECONDS = 7 * 24 * 3600
UNWANTED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+"
)
OUR_TRACK = re.compile(r"/music/tracks/([0-9a-fA-F-]{36})(?:/|$|\?)")
KEPT_FOLDERS = 3
WINDOWS_DRIVE = re.compile(r"^[A-Za-z]:[\\/]")


@dataclass(frozen=True, slots=True)
class SourceRow:
    """`track_id`: of the library that wrote the file, which may be this one."""

    title: str
    artist: str = ""
    album: str = ""
    seconds: int | None = None
    isrc: str | None = None
    location: str | None = None
    track_id: UUID | None = None


@dataclass(slots=True)
class SourceList:
    name: str = ""
    description: str = ""
    rows: list[SourceRow] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def add(self, row: SourceRow) -> None:
        """Raises Unprocessable where there are more rows than anyone listens to."""
        if not (row.title or row.artist or row.isrc or row.track_id):
            self.warn("Rows without a title, an artist or a code were left out.")
            return
        if len(self.rows) == MAX_ROWS:
            unreadable(f"A playlist of more than {MAX_ROWS:,} rows cannot be imported in one file.")
        self.rows.append(row)

    def warn(self, words: str) -> None:
        if words not in self.warnings:
            self.warnings.append(words)


def make_row(
    *,
    title: object = "",
    artist: object = "",
    album: object = "",
    seconds: int | None = None,
    isrc: object = "",
    location: object = "",
    track_id: object = "",
) -> SourceRow:
    """From whatever a file says: cut, cleaned, and without what is no text."""
    place = text_of(location, 5000)
    ours = uuid_of(track_id) or _our_track(place)
    return SourceRow(
        title=text_of(title),
        artist=text_of(artist),
        album=text_of(album),
        seconds=seconds if seconds and 0 < seconds <= MAX_SECONDS else None,
        isrc=plain_isrc(text_of(isrc, 50)) or None,
        location=None if ours else modest(place) or None,
        track_id=ours,
    )


def text_of(value: object, longest: int = MAX_TEXT) -> str:
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return ""
    text = str(value)[: 4 * longest]
    return " ".join(UNWANTED.sub(" ", text).split())[:longest].strip()


def seconds_of(value: object, *, per_second: int = 1) -> int | None:
    """'263', '263.4', '4:23' and '1:04:23'; `per_second` 1000 for milliseconds."""
    parts = text_of(value, 40).split(":")
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        return None
    total = 0.0
    for number in numbers:
        total = total * 60 + number
    # False for what is no number, too.
    return round(total / per_second) if 0 < total / per_second <= MAX_SECONDS else None


def uuid_of(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def modest(location: str) -> str:
    """Of a file only its last folders, of an address neither keys nor passwords: playlists are
    shared, and a path says who somebody is. Nothing ever opens it."""
    if WINDOWS_DRIVE.match(location) or "://" not in location[:12]:
        is_name = re.match(r"^[a-z]+:(?![\\/])", location)
        return location[:MAX_TEXT] if is_name else _last_folders(location)
    try:
        parts = urlsplit(location)
    except ValueError:
        return ""
    if parts.scheme == "file":
        return _last_folders(unquote(parts.path))
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"[:MAX_TEXT]


def _last_folders(path: str) -> str:
    names = [name for name in re.split(r"[\\/]+", path) if name not in {"", ".", ".."}]
    return "/".join(names[-KEPT_FOLDERS:])[-MAX_TEXT:]


def _our_track(location: str) -> UUID | None:
    found = OUR_TRACK.search(location)
    return uuid_of(found[1]) if found else None


def unreadable(words: str) -> NoReturn:
    raise Unprocessable(words, details=[{"field": "file", "reason": words[:200]}])


def source_of(row: Any) -> SourceRow:
    """What stood in the file, of a row that was kept."""
    return SourceRow(
        title=row.title,
        artist=row.artist,
        album=row.album,
        seconds=row.duration_seconds,
        isrc=row.isrc,
        location=row.location,
    )
