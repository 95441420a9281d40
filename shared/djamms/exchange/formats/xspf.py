"""XSPF, version 1: https://www.xspf.org/spec

Read with expat itself: a document type is refused, and with it all that XML can do to a reader
(entities that grow, files that are fetched). Nothing is loaded for it that Python lacks.
"""

from collections.abc import Iterable, Iterator
from xml.parsers.expat import ExpatError, ParserCreate
from xml.sax.saxutils import escape

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

NAMESPACE = "http://xspf.org/ns/0/"
IN_TRACK = ["playlist", "trackList", "track"]
DEEPEST = 50
URN_ISRC, URN_UUID = "urn:isrc:", "urn:uuid:"


class Reader:
    def __init__(self) -> None:
        self.found = SourceList()
        self._open: list[str] = []
        self._text: list[str] = []
        self._track: dict[str, list[str]] = {}

    def start(self, name: str, _attributes: object) -> None:
        self._open.append(name.rpartition(":")[2])
        if len(self._open) > DEEPEST:
            unreadable("This XML is nested too deeply for a playlist.")
        if self._open[0] != "playlist":
            unreadable("This XML is no XSPF playlist.")
        self._text.clear()
        if self._open == IN_TRACK:
            self._track = {}

    def text(self, words: str) -> None:
        self._text.append(words)

    def end(self, _name: str) -> None:
        value = "".join(self._text)
        if self._open == IN_TRACK:
            self.found.add(_row(self._track))
        elif self._open[:-1] == IN_TRACK:
            self._track.setdefault(self._open[-1], []).append(value)
        elif self._open == ["playlist", "title"]:
            self.found.name = text_of(value, MAX_NAME)
        elif self._open == ["playlist", "annotation"]:
            self.found.description = text_of(value, MAX_DESCRIPTION)
        self._text.clear()
        self._open.pop()


def read(data: bytes) -> SourceList:
    reader, parser = Reader(), ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(data, True)
    except (ExpatError, LookupError, ValueError) as error:
        unreadable(f"This is no well-formed XML: {str(error)[:100]}")
    return reader.found


def _refuse(*_declared: object) -> None:
    unreadable("A playlist needs no document type; this file has one.")


def _row(said: dict[str, list[str]]) -> SourceRow:
    names = said.get("identifier", [])
    return make_row(
        title=_first(said, "title"),
        artist=_first(said, "creator"),
        album=_first(said, "album"),
        seconds=seconds_of(_first(said, "duration"), per_second=1000),
        isrc=_named(names, URN_ISRC) or next((n for n in names if len(n.strip()) == 12), ""),
        location=_first(said, "location"),
        track_id=_named(names, URN_UUID),
    )


def _first(said: dict[str, list[str]], name: str) -> str:
    return next((value for value in said.get(name, []) if value.strip()), "")


def _named(names: list[str], prefix: str) -> str:
    found = (name.strip() for name in names)
    return next((name[len(prefix) :] for name in found if name.lower().startswith(prefix)), "")


def write(name: str, description: str, rows: Iterable[SourceRow], address: str) -> str:
    return "\n".join(_lines(name, description, rows, address)) + "\n"


def _lines(name: str, description: str, rows: Iterable[SourceRow], address: str) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<playlist version="1" xmlns="{NAMESPACE}">'
    yield _element("title", text_of(name, MAX_NAME))
    if description:
        yield _element("annotation", text_of(description, MAX_DESCRIPTION))
    yield "<trackList>"
    for row in rows:
        yield f"<track>{''.join(_elements(row, address))}</track>"
    yield "</trackList>"
    yield "</playlist>"


def _elements(row: SourceRow, address: str) -> Iterator[str]:
    if row.track_id:
        yield _element("location", address.format(row.track_id))
        yield _element("identifier", f"{URN_UUID}{row.track_id}")
    elif row.location:
        yield _element("location", text_of(row.location))
    if row.isrc:
        yield _element("identifier", f"{URN_ISRC}{row.isrc}")
    for name, value in (("title", row.title), ("creator", row.artist), ("album", row.album)):
        if value:
            yield _element(name, text_of(value))
    if row.seconds:
        yield _element("duration", str(row.seconds * 1000))


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>"
