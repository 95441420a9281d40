"""iTunes' tags in MP4: one atom at a time, so that a bad one costs itself only."""

import re
from collections.abc import Iterator
from itertools import chain, islice

from djamms.media.charset import decode, start_of
from djamms.media.genres import ID3_GENRES
from djamms.media.mp4_atoms import Atom, children, content, find
from djamms.media.ranged import BudgetExceeded, RangedReader
from djamms.media.tags import Field, Found, Picture

FRONT_COVER, OTHER_PICTURE = 3, 0
MAX_PARTS = 64
MAX_TEXT_BYTES = 64 * 1024
MAX_PICTURE_BYTES = 6 * 1024 * 1024
UTF_8, UTF_16, SHIFT_JIS, INTEGER, UNTYPED = 1, 2, 3, 21, 0
TEXTS = (UNTYPED, UTF_8, 4, 5, 6, 7, 9, 10, 15)
FIELDS = {
    "\xa9nam": Field.TITLE,
    "\xa9ART": Field.ARTIST,
    "\xa9alb": Field.ALBUM,
    "aART": Field.ALBUM_ARTIST,
    "gnre": Field.GENRE,
    "\xa9gen": Field.GENRE,
    "\xa9day": Field.DATE,
    "trkn": Field.TRACK,
    "disk": Field.DISC,
    "\xa9wrt": Field.COMPOSER,
    "\xa9com": Field.COMPOSER,
    "\xa9pub": Field.LABEL,
    "rtng": Field.ADVISORY,
    "tmpo": Field.BPM,
}
FREEFORM_FIELDS = {
    "isrc": Field.ISRC,
    "label": Field.LABEL,
    "publisher": Field.LABEL,
    "composer": Field.COMPOSER,
    "initialkey": Field.KEY,
    "key": Field.KEY,
    "mood": Field.MOOD,
    "bpm": Field.BPM,
    "itunesadvisory": Field.ADVISORY,
    "explicit": Field.ADVISORY,
    "albumartist": Field.ALBUM_ARTIST,
    "album artist": Field.ALBUM_ARTIST,
}
PAIRS = ("trkn", "disk")
INTEGERS = ("tmpo", "rtng", "cpil", "pgap", "stik", "cnID", "atID", "plID", "geID", "sfID", "hdvd")
CONTROL = re.compile("[\0-\x08\x0e-\x1f]")


def read_tags(reader: RangedReader, moov: Atom) -> Found:
    """Under moov/udta/meta/ilst or moov/meta/ilst; and QuickTime's own texts in moov/udta."""
    found = Found()
    places = [atom for atom in children(reader, moov) if atom.name == b"udta"][:MAX_PARTS]
    for place in (*places, moov):
        if items := find(reader, place, b"meta", b"ilst"):
            for item in children(reader, items):
                read_item(reader, item, found)
    for atom in chain.from_iterable(children(reader, place) for place in places):
        if atom.name.startswith(b"\xa9"):
            name = atom.name.decode("latin-1")
            text = decode(content(reader, atom, MAX_TEXT_BYTES)[4:])
            found.fill(Found({FIELDS[name]: [text]} if name in FIELDS else {}, {name: [text]}))
    return found


def read_item(reader: RangedReader, item: Atom, found: Found) -> None:
    name = item.name.decode("latin-1")
    try:
        if name == "covr":
            read_covers(reader, item, found)
        elif item.size <= MAX_TEXT_BYTES or name in FIELDS:
            key, field = named(reader, item, name)
            if values := [text for text in texts(reader, item, name) if text]:
                found.put(key, values, field)
        else:
            found.warn("tags_too_large")
    except BudgetExceeded:
        found.warn("tags_too_large")


def named(reader: RangedReader, item: Atom, name: str) -> tuple[str, Field | None]:
    """The key of the raw value, which for a free form is its own name, and the field."""
    if name != "----":
        return name, FIELDS.get(name)
    parts = {
        child.name: decode(content(reader, child, 1024)[4:])
        for child in islice(children(reader, item), MAX_PARTS)
        if child.name in (b"mean", b"name")
    }
    own = parts.get(b"name", "")
    return f"----:{parts.get(b'mean', '')}:{own}", FREEFORM_FIELDS.get(own.lower())


def read_covers(reader: RangedReader, item: Atom, found: Found) -> None:
    """The first is the front; MP4 does not say what the others are."""
    for child in islice(children(reader, item), MAX_PARTS):
        if child.name != b"data":
            continue
        if child.size > MAX_PICTURE_BYTES:
            found.warn("artwork_too_large")
            continue
        kind = OTHER_PICTURE if found.pictures else FRONT_COVER
        found.pictures.append(Picture(reader.read_optional(child.start, child.size)[8:], kind))


def texts(reader: RangedReader, item: Atom, name: str) -> Iterator[str]:
    for child in islice(children(reader, item), MAX_PARTS):
        data = start_of(content(reader, child, MAX_TEXT_BYTES + 1), MAX_TEXT_BYTES)
        if child.name == b"data" and len(data) > 8:
            yield text_of(name, int.from_bytes(data[1:4]), data[8:])


def text_of(name: str, kind: int, data: bytes) -> str:
    """Empty for what is no text: pictures, identifiers, settings of programs."""
    if name in PAIRS:
        number, total = int.from_bytes(data[2:4]), int.from_bytes(data[4:6])
        return f"{number}/{total}" if total else str(number)
    if name == "gnre":
        number = int.from_bytes(data[:2]) - 1
        return ID3_GENRES[number] if 0 <= number < len(ID3_GENRES) else ""
    if name in INTEGERS or kind == INTEGER:
        return str(int.from_bytes(data, signed=True)) if len(data) <= 8 else ""
    if kind in (UTF_16, SHIFT_JIS):
        return data.decode("utf-16-be" if kind == UTF_16 else "cp932", errors="replace")
    text = decode(data) if kind in TEXTS else ""
    is_binary = kind == UNTYPED and name not in FIELDS and CONTROL.search(text)
    return "" if is_binary else text
