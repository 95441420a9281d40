"""What every format of playlist is read into and written from."""

import re
from dataclasses import dataclass, field
from typing import Any, NoReturn
from urllib.parse import unquote
from uuid import UUID

from djamms.errors import Unprocessable
from djamms.exchange.matching import plain_isrc

MAX_ROWS = 10_000
MAX_TEXT, MAX_NAME, MAX_DESCRIPTION = 500, 255, 5000
MAX_SECONDS = 7 * 24 * 3600
UNWANTED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]+"
)
OUR_TRACK = re.compile(r"/music/tracks/([0-9a-fA-F-]{36})(?:/|$|\?)")
KEPT_PARTS = 2
# A letter alone is a drive of Windows.
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")
HOST = re.compile(r"[\w.-]+(:\d+)?|\[[0-9A-Fa-f:.]+\](:\d+)?")
# Whose home it is says the part behind.
HOMES = frozenset({"users", "home", "documents and settings"})


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
    left_out: int = 0

    def add(self, row: SourceRow) -> None:
        """Raises Unprocessable where there are more rows than anyone listens to."""
        if not (row.title or row.artist or row.isrc or row.track_id):
            self.leave_out()
            return
        if len(self.rows) == MAX_ROWS:
            unreadable(f"A playlist of more than {MAX_ROWS:,} rows cannot be imported in one file.")
        self.rows.append(row)

    def leave_out(self) -> None:
        """Raises Unprocessable where a file is hardly anything else."""
        self.warn("Rows without a title, an artist or a code were left out.")
        self.left_out += 1
        if self.left_out > MAX_ROWS:
            unreadable(f"More than {MAX_ROWS:,} rows of this file say no title, artist or code.")

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
    """Of a file its name and folder, of an address neither keys nor passwords: playlists are
    shared, and a path says who somebody is. Nothing ever opens it."""
    place = location.replace("\\", "/").partition("?")[0]
    scheme = SCHEME.match(place)
    if scheme is None:
        return _last_parts(_behind_at(place))
    rest = place[scheme.end() :].partition("#")[0]
    if scheme[1].lower() == "file":
        return _last_parts(_behind_at(unquote(rest).partition("?")[0]))
    if rest.startswith("//"):
        return _address(scheme[1].lower(), rest[2:])
    if "@" in rest or "/" in rest:
        return _last_parts(_behind_at(rest))
    return f"{scheme[0]}{rest}"[:MAX_TEXT]


def _address(scheme: str, rest: str) -> str:
    host, _, path = rest.partition("/")
    if "@" in path:  # of the path, or of a password with a slash in it
        return _last_parts(_behind_at(path))
    host = _behind_at(host)
    return f"{scheme}://{host}/{_last_parts(path)}"[:MAX_TEXT] if HOST.fullmatch(host) else ""


def _behind_at(place: str) -> str:
    return place.rpartition("@")[2]


def _last_parts(path: str) -> str:
    names = [name for name in path.split("/") if name not in {"", ".", ".."}]
    homes = [place for place, name in enumerate(names[:-1]) if name.casefold() in HOMES]
    if homes:
        names = names[homes[-1] + 2 :] or names[-1:]
    return "/".join(names[-KEPT_PARTS:])[-MAX_TEXT:]


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
