"""Which format a file is in, and the way in and out of each."""

import re

from djamms.exchange.formats import csv_table, json_list, m3u, xspf
from djamms.exchange.formats.encoding import decode
from djamms.exchange.formats.source import MAX_NAME, SourceList, SourceRow, text_of, unreadable
from djamms.exchange.kinds import Format

EXTENSIONS = {
    "json": Format.JSON,
    **dict.fromkeys(("m3u", "m3u8"), Format.M3U8),
    "xspf": Format.XSPF,
    **dict.fromkeys(("csv", "tsv"), Format.CSV),
}
READERS = {
    Format.JSON: json_list.read,
    Format.M3U8: m3u.read,
    Format.XSPF: xspf.read,
    Format.CSV: csv_table.read,
}
WRITERS = {
    Format.JSON: json_list.write,
    Format.M3U8: m3u.write,
    Format.XSPF: xspf.write,
    Format.CSV: csv_table.write,
}
HEAD_BYTES = 400
NO_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1f\ufffd]")


def read(data: bytes, *, filename: str, format_: Format | None) -> tuple[Format, SourceList]:
    """Raises Unprocessable for what is no playlist, or an empty one."""
    known = format_ or format_of(data, filename)
    found = READERS[known](data)
    if not found.rows:
        unreadable("There is no track in this file.")
    found.name = found.name or name_of(filename)
    return known, found


def write(
    format_: Format, *, name: str, description: str, rows: list[SourceRow], address: str
) -> str:
    """`address`: where a track of this library is, with {} for its id."""
    return WRITERS[format_](name, description, rows, address)


def format_of(data: bytes, filename: str) -> Format:
    """By its name, or by how it begins."""
    extension = filename.rpartition(".")[2].lower()
    if extension in EXTENSIONS:
        return EXTENSIONS[extension]
    head = data[:HEAD_BYTES].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if head.startswith(b"<"):
        return Format.XSPF
    if head.startswith((b"{", b"[")):
        return Format.JSON
    first = re.split(rb"[\r\n]", head, maxsplit=1)[0]
    if not first.startswith(b"#") and re.search(rb"[,;\t]", first) and _is_header(first):
        return Format.CSV
    if not head.startswith(b"#EXTM3U"):
        _check_text(data)
    return Format.M3U8


def _check_text(data: bytes) -> None:
    """A list of paths begins like anything: what is a picture, a song or an archive is none."""
    if NO_TEXT.search(decode(data)):
        unreadable("This is no text. Playlists are read from M3U, M3U8, XSPF, CSV and JSON.")


def _is_header(line: bytes) -> bool:
    words = {re.sub(rb"[^a-z]", b"", cell.lower()) for cell in re.split(rb"[,;\t]", line)}
    known = csv_table.COLUMNS["title"] + csv_table.COLUMNS["artist"]
    return bool(words & {name.encode() for name in known})


def name_of(filename: str) -> str:
    name = re.split(r"[\\/]", filename)[-1]
    stem, dot, extension = name.rpartition(".")
    known = dot and extension.lower() in {*EXTENSIONS, "txt"}
    return text_of(stem if known else name, MAX_NAME)
