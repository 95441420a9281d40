"""ID3v2 tags: of MP3 and AAC files, and inside of WAV. mutagen knows what each frame means."""

import io
from collections.abc import Callable, Iterator
from typing import Any

from mutagen.id3 import ID3

from djamms.media.id3_frames import Frame, Tag, as_v23, frames, tags
from djamms.media.parsing import PARSER_ERRORS
from djamms.media.ranged import BudgetExceeded, RangedReader
from djamms.media.tags import Field, Found, Picture

FIELDS = {
    "TIT2": Field.TITLE,
    "TPE1": Field.ARTIST,
    "TALB": Field.ALBUM,
    "TPE2": Field.ALBUM_ARTIST,
    "TXXX:ALBUM ARTIST": Field.ALBUM_ARTIST,
    "TXXX:ALBUMARTIST": Field.ALBUM_ARTIST,
    "TCON": Field.GENRE,
    "TDRC": Field.DATE,
    "TDRL": Field.DATE,
    "TDOR": Field.DATE,
    "TRCK": Field.TRACK,
    "TPOS": Field.DISC,
    "TSRC": Field.ISRC,
    "TXXX:ISRC": Field.ISRC,
    "TCOM": Field.COMPOSER,
    "TPUB": Field.LABEL,
    "TXXX:LABEL": Field.LABEL,
    "TXXX:ITUNESADVISORY": Field.ADVISORY,
    "TBPM": Field.BPM,
    "TXXX:BPM": Field.BPM,
    "TKEY": Field.KEY,
    "TXXX:INITIALKEY": Field.KEY,
    "TMOO": Field.MOOD,
    "TXXX:MOOD": Field.MOOD,
}
# mutagen has no types.
parse_id3: Callable[..., Any] = ID3
VERSIONS = (2, 3, 4)
UTF_16 = (b"\1", b"\2")
# mutagen takes a time that grows with the square of the number of values.
MAX_TAG_VALUES = 2000


def read_id3(reader: RangedReader, at: int = 0) -> Found:
    """What the tags at an offset say; the first one's word comes first."""
    found = Found()
    try:
        for tag in tags(reader, at):
            found.fill(read_tag(reader, tag))
    except BudgetExceeded:
        found.warn("tags_too_large")
    return found


def read_tag(reader: RangedReader, tag: Tag) -> Found:
    kept = list(frames(reader, tag)) if tag.version in VERSIONS else []
    wanted = list(not_too_many([frame for frame in kept if frame]))
    found = parsed(wanted)
    if len(wanted) < len(kept):
        found.warn("tags_too_large")
    return found


def not_too_many(found: list[Frame]) -> Iterator[Frame]:
    values = 0
    for frame in found:
        if frame.name.startswith(b"T"):
            values += 1 + frame.data.count(b"\0\0" if frame.data[:1] in UTF_16 else b"\0")
        if values <= MAX_TAG_VALUES:
            yield frame


def parsed(wanted: list[Frame]) -> Found:
    """All at once, or else one by one, so that a bad frame costs itself only."""
    try:
        return (
            collect(parse_id3(io.BytesIO(plain_tag(wanted)), load_v1=False)) if wanted else Found()
        )
    except PARSER_ERRORS:
        found = Found(warnings=("tags_unreadable",))
        for frame in wanted if len(wanted) > 1 else ():
            found.fill(parsed([frame]))
        return found


def plain_tag(wanted: list[Frame]) -> bytes:
    body = b"".join(as_v23(frame.name, frame.data) for frame in wanted)
    version = 2 if len(wanted[0].name) == 3 else 3
    length = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3" + bytes([version, 0, 0]) + length + body


def collect(tag: Any) -> Found:
    found = Found()
    for name, frame in tag.items():
        if name.startswith("APIC"):
            found.pictures.append(Picture(frame.data, int(frame.type)))
        elif texts := texts_of(frame):
            key = name.upper() if name.startswith("TXXX:") else name
            found.put(name, texts, FIELDS.get(key))
    return found


def texts_of(frame: Any) -> list[str]:
    """A frame's text values; lyrics have one, pictures and private data none."""
    text = getattr(frame, "text", None)
    if isinstance(text, str):
        return [text]
    return [str(value) for value in text] if isinstance(text, list) else []
