"""CSV in the dialects of Exportify, TuneMyMusic, Soundiiz, Apple Music and what people type.

Which column says what follows from its name. A cell that a spreadsheet would run as a formula gets
an apostrophe in front, which reading takes away again (OWASP, CSV injection).
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from djamms.exchange.formats.encoding import decode
from djamms.exchange.formats.source import (
    MAX_NAME,
    SourceList,
    SourceRow,
    make_row,
    seconds_of,
    text_of,
    unreadable,
)

# Names of columns, without case and signs, the most telling first.
COLUMNS = {
    "title": ("trackname", "tracktitle", "title", "song", "songtitle", "songname", "name", "track"),
    "artist": (
        *("artistnames", "artistname", "artists", "artist", "trackartist", "performer"),
        *("creator", "albumartist", "albumartistnames"),
    ),
    "album": ("albumname", "album", "albumtitle", "release", "releasetitle"),
    "milliseconds": ("durationms", "trackdurationms", "lengthms", "durationmillis", "totaltime"),
    "seconds": (
        *("duration", "time", "length", "seconds", "durations", "durationsec"),
        *("durationseconds", "trackduration"),
    ),
    "isrc": ("isrc", "isrccode", "isrcs"),
    "track_id": ("trackid", "djammsid"),
    "location": ("location", "trackuri", "uri", "spotifyuri", "url", "path", "file", "filename"),
    "playlist": ("playlistname", "playlist"),
}
DELIMITERS = ",;\t|"
MAX_COLUMNS = 200
# Signs that nobody sees may stand before what makes it a formula.
UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff"
)
BEGUN = rf"(?=['\s{UNSEEN}]*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20])"
# Where lists are separated by semicolons, one in a cell begins another, quoted or not.
FORMULA, DEFUSED = re.compile(f"(^|;){BEGUN}"), re.compile(f"(^|;)'{BEGUN}")
HEADER = ("Track name", "Artist name", "Album", "Duration (ms)", "ISRC", "Track ID", "Location")


def read(data: bytes) -> SourceList:
    text = decode(data)
    # The default refuses fields that a file within our size may have.
    csv.field_size_limit(max(len(text), 1))
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    found, names = SourceList(), set[str]()
    try:
        header = next(lines, [])
        columns = _columns(header)
        for cells in lines:
            if any(cell.strip() for cell in cells):
                said = {name: _cell(cells, place) for name, place in columns.items()}
                names.add(said.get("playlist", ""))
                found.add(_row(said))
    except csv.Error as error:
        unreadable(f"This is no readable CSV: {str(error)[:100]}")
    names.discard("")
    if len(names) == 1:
        found.name = text_of(names.pop(), MAX_NAME)
    elif names:
        found.warn(f"The file holds {len(names)} playlists; all are in this one.")
    return found


def _delimiter(text: str) -> str:
    first = text[:20_000].partition("\n")[0]
    return max(DELIMITERS, key=first.count)


def _columns(header: list[str]) -> dict[str, int]:
    if len(header) > MAX_COLUMNS:
        unreadable(f"This CSV has more than {MAX_COLUMNS} columns.")
    plain = [re.sub(r"[^a-z0-9]", "", cell.lower()) for cell in header]
    places = {
        meaning: next((plain.index(name) for name in names if name in plain), None)
        for meaning, names in COLUMNS.items()
    }
    found = {meaning: place for meaning, place in places.items() if place is not None}
    if not found.keys() & {"title", "isrc"}:
        unreadable("No column of this CSV is called a title, such as 'Track name' or 'Title'.")
    return found


def _cell(cells: list[str], place: int) -> str:
    cell = cells[place] if place < len(cells) else ""
    return DEFUSED.sub(r"\1", cell)


def _row(said: dict[str, str]) -> SourceRow:
    seconds = seconds_of(said.get("milliseconds", ""), per_second=1000)
    return make_row(
        title=said.get("title", ""),
        artist=said.get("artist", ""),
        album=said.get("album", ""),
        seconds=seconds or _seconds(said.get("seconds", "")),
        isrc=said.get("isrc", ""),
        location=said.get("location", ""),
        track_id=said.get("track_id", ""),
    )


def _seconds(text: str) -> int | None:
    """Some write milliseconds under a name that does not say so: no track has 10,000 seconds."""
    found = seconds_of(text)
    return found if found and (found < 10_000 or ":" in text) else seconds_of(text, per_second=1000)


def write(_name: str, _description: str, rows: Iterable[SourceRow], _address: str) -> str:
    target = io.StringIO(newline="")
    table = csv.writer(target, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    table.writerow(HEADER)
    table.writerows([_defused(cell) for cell in _cells(row)] for row in rows)
    return target.getvalue()


def _cells(row: SourceRow) -> Iterator[str]:
    yield from (text_of(row.title), text_of(row.artist), text_of(row.album))
    yield str(row.seconds * 1000) if row.seconds else ""
    yield row.isrc or ""
    yield str(row.track_id or "")
    yield "" if row.track_id else row.location or ""


def _defused(cell: str) -> str:
    return FORMULA.sub(r"\1'", cell)
