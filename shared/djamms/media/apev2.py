"""APEv2: the tag of Monkey's Audio, which some programs also put behind MP3."""

from collections.abc import Iterator
from typing import NamedTuple

from djamms.media.charset import decode, start_of
from djamms.media.ranged import BudgetExceeded, RangedReader
from djamms.media.tags import MAX_VALUES, Field, Found, Picture

PREAMBLE = b"APETAGEX"
BLOCK_BYTES = 32
HAS_HEADER = 0x80
MAX_TAG_BYTES = 4 * 1024 * 1024
MAX_ITEMS = 1000
MAX_TEXT_BYTES = 64 * 1024
MAX_NAME_BYTES = 255
TEXT, BINARY = 0, 1
FRONT_COVER, OTHER_PICTURE = 3, 0
FIELDS = {
    "title": Field.TITLE,
    "artist": Field.ARTIST,
    "album": Field.ALBUM,
    "album artist": Field.ALBUM_ARTIST,
    "albumartist": Field.ALBUM_ARTIST,
    "genre": Field.GENRE,
    "year": Field.DATE,
    "date": Field.DATE,
    "track": Field.TRACK,
    "disc": Field.DISC,
    "isrc": Field.ISRC,
    "composer": Field.COMPOSER,
    "label": Field.LABEL,
    "publisher": Field.LABEL,
    "itunesadvisory": Field.ADVISORY,
    "bpm": Field.BPM,
    "key": Field.KEY,
    "initialkey": Field.KEY,
    "mood": Field.MOOD,
}


class ApeTag(NamedTuple):
    """Offsets: `start` with the header if there is one, `end` behind the footer."""

    start: int
    items: int
    end: int


def ape_tag(reader: RangedReader, end: int) -> ApeTag | None:
    """The tag that ends at an offset."""
    footer = reader.read_at(end - BLOCK_BYTES, BLOCK_BYTES) if end >= BLOCK_BYTES else b""
    if not footer.startswith(PREAMBLE):
        return None
    size = int.from_bytes(footer[12:16], "little")
    start = end - size - (BLOCK_BYTES if footer[23] & HAS_HEADER else 0)
    # A size that reaches before the file's beginning is a lie.
    return ApeTag(start, max(0, end - size), end - BLOCK_BYTES) if start >= 0 else None


def read_ape(reader: RangedReader, end: int) -> Found:
    tag = ape_tag(reader, end)
    if tag is None:
        return Found()
    if tag.end - tag.items > MAX_TAG_BYTES:
        return Found(warnings=("tags_too_large",))
    try:
        return collect(reader.read_at(tag.items, tag.end - tag.items))
    except BudgetExceeded:
        return Found(warnings=("tags_too_large",))


def collect(data: bytes) -> Found:
    found = Found()
    for name, kind, value in items(data):
        if kind == TEXT:
            texts = decode(start_of(value, MAX_TEXT_BYTES)).split("\0", MAX_VALUES)[:MAX_VALUES]
            found.put(f"APE:{name}", texts, FIELDS.get(name.lower()))
        elif kind == BINARY and name.lower().startswith("cover art"):
            place = FRONT_COVER if "front" in name.lower() else OTHER_PICTURE
            # A file name, then the picture.
            found.pictures.append(Picture(value.partition(b"\0")[2], place))
    return found


def items(data: bytes) -> Iterator[tuple[str, int, bytes]]:
    """(name, kind, value) of each item, until one makes no sense."""
    at = 0
    for _ in range(MAX_ITEMS):
        size = int.from_bytes(data[at : at + 4], "little")
        kind = int.from_bytes(data[at + 4 : at + 8], "little") >> 1 & 3
        name_end = data.find(b"\0", at + 8, at + 9 + MAX_NAME_BYTES)
        if name_end < 0 or name_end + 1 + size > len(data):
            return
        yield data[at + 8 : name_end].decode("latin-1"), kind, data[name_end + 1 :][:size]
        at = name_end + 1 + size
