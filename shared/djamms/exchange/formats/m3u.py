"""M3U and M3U8: https://en.wikipedia.org/wiki/M3U#Extended_M3U

Plain lists of paths; extended ones by Winamp, VLC, foobar2000, Rekordbox, Traktor and Clementine.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from djamms.exchange.formats.encoding import decode
from djamms.exchange.formats.source import (
    MAX_DESCRIPTION,
    MAX_NAME,
    SourceList,
    SourceRow,
    make_row,
    seconds_of,
    text_of,
    unreadable,
)
from djamms.media.filename import UNTITLED, guess_from_filename

LINE_END = re.compile(r"\r\n|\r|\n")
# Attributes may stand before the comma, and commas in their quotes.
EXTINF = re.compile(r"\s*(-?[\d.]*)((?:[^,\"]|\"[^\"]*\")*),?(.*)", re.DOTALL)
DASH = re.compile(r"\s+[-\u2013\u2014]\s+")


@dataclass(slots=True)
class Pending:
    """What is known of the entry whose path is still to come."""

    display: str = ""
    seconds: int | None = None
    artist: str = ""
    album: str = ""


def read(data: bytes) -> SourceList:
    found, pending = SourceList(), Pending()
    for line in LINE_END.split(decode(data)):
        if line.startswith("#"):
            pending = _directive(found, pending, line)
        elif line.strip():
            found.add(_row(pending, line.strip()[:5000]))
            pending = Pending()
    if pending.display:
        found.add(_row(pending, ""))
    return found


def _directive(found: SourceList, pending: Pending, line: str) -> Pending:
    name, _, value = line[:5000].partition(":")
    match name.strip().upper():
        case "#EXTINF":
            return _begun(found, pending, value)
        case "#EXTART":
            pending.artist = text_of(value)
        case "#EXTALB":
            pending.album = text_of(value)
        case "#PLAYLIST":
            found.name = text_of(value, MAX_NAME)
        case "#EXT-DESCRIPTION":
            found.description = text_of(value, MAX_DESCRIPTION)
        case "#EXT-X-TARGETDURATION" | "#EXT-X-STREAM-INF":
            unreadable("This file lists pieces of one stream; it is no playlist of tracks.")
    return pending


def _begun(found: SourceList, pending: Pending, value: str) -> Pending:
    """An entry whose path never came is one all the same."""
    if pending.display:
        found.add(_row(pending, ""))
        pending = Pending()
    if stated := EXTINF.match(value):
        pending.seconds, pending.display = seconds_of(stated[1]), text_of(stated[3], 1000)
    return pending


def _row(pending: Pending, location: str) -> SourceRow:
    title, artist = _named(pending) if pending.display else _guessed(location)
    return make_row(
        title=title,
        artist=artist or pending.artist,
        album=pending.album,
        seconds=pending.seconds,
        location=location,
    )


def _named(pending: Pending) -> tuple[str, str]:
    """'Artist - Title', where the artist may hold a dash itself."""
    known = pending.artist
    rest = pending.display[len(known) :]
    if known and pending.display.startswith(known) and (dash := DASH.match(rest)):
        return rest[dash.end() :], known
    parts = DASH.split(pending.display, maxsplit=1)
    if known and len(parts) == 2 and parts[0].casefold() != known.casefold():
        # Of a compilation: the album artist is somebody else.
        return parts[1], parts[0]
    return (parts[1], parts[0]) if len(parts) == 2 else (pending.display, "")


def _guessed(location: str) -> tuple[str, str]:
    path = unquote(location.partition("?")[0]) if "://" in location else location
    guess = guess_from_filename(path)
    return ("" if guess.title == UNTITLED else guess.title), guess.artist


def write(name: str, description: str, rows: Iterable[SourceRow], address: str) -> str:
    return "\n".join(_lines(name, description, rows, address)) + "\n"


def _lines(name: str, description: str, rows: Iterable[SourceRow], address: str) -> Iterator[str]:
    yield "#EXTM3U"
    yield "#EXTENC:UTF-8"
    yield f"#PLAYLIST:{text_of(name, MAX_NAME)}"
    if description:
        yield f"#EXT-DESCRIPTION:{text_of(description, MAX_DESCRIPTION)}"
    for row in rows:
        title, artist = text_of(row.title), text_of(row.artist)
        yield (
            f"#EXTINF:{row.seconds or -1},{artist} - {title}"
            if artist
            else (f"#EXTINF:{row.seconds or -1},{title}")
        )
        if artist:
            yield f"#EXTART:{artist}"
        if row.album:
            yield f"#EXTALB:{text_of(row.album)}"
        yield _location(row, address)


def _location(row: SourceRow, address: str) -> str:
    if row.track_id:
        return address.format(row.track_id)
    place = text_of(row.location or f"{row.artist} - {row.title}", MAX_DESCRIPTION)
    return place.lstrip("#") or "unknown"
