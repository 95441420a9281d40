"""ID3 tags of MP3 files, v1 to v2.4."""

import io
from collections.abc import Callable
from typing import Any

from mutagen.id3 import ID3, ID3NoHeaderError

from djamms.media.parsing import PARSER_ERRORS
from djamms.media.ranged import BudgetExceeded, RangedReader
from djamms.media.tags import Field, Found, Picture

FRAMES = {
    "TIT2": Field.TITLE,
    "TPE1": Field.ARTIST,
    "TALB": Field.ALBUM,
    "TPE2": Field.ALBUM_ARTIST,
    "TCON": Field.GENRE,
    "TDRC": Field.DATE,
    "TDRL": Field.DATE,
    "TDOR": Field.DATE,
    "TRCK": Field.TRACK,
    "TPOS": Field.DISC,
    "TSRC": Field.ISRC,
    "TCOM": Field.COMPOSER,
    "TPUB": Field.LABEL,
    "TXXX:ITUNESADVISORY": Field.ADVISORY,
    "TBPM": Field.BPM,
    "TKEY": Field.KEY,
}
# mutagen has no types.
parse_id3: Callable[..., Any] = ID3
# A frame beyond this is left out when the whole tag is too large to read.
MAX_FRAME_BYTES = 1024 * 1024
MAX_FRAMES = 1000


def read_id3(reader: RangedReader) -> Found:
    try:
        reader.seek(0)
        return collect(parse_id3(reader))
    except BudgetExceeded:
        return read_slim(reader)
    except ID3NoHeaderError:
        return Found()
    except PARSER_ERRORS:
        return Found(warnings=("tags_unreadable",))


def read_slim(reader: RangedReader) -> Found:
    """The same without its large frames: a cover of many megabytes is not worth reading."""
    try:
        found = collect(parse_id3(slim_copy(reader), load_v1=False))
    except (*PARSER_ERRORS, BudgetExceeded):
        return Found(warnings=("tags_unreadable",))
    found.warnings = ("tags_too_large",)
    return found


def slim_copy(reader: RangedReader) -> io.BytesIO:
    """The tag's header and its small frames (v2.3, v2.4)."""
    header = reader.read_at(0, 10)
    sizes_are_synchsafe = header[3] == 4
    frames, at, end = b"", 10, 10 + synchsafe(header[6:10])
    for _ in range(MAX_FRAMES):
        frame = reader.read_at(at, 10)
        if at + 10 > end or not frame[:4].strip(b"\x00"):
            break
        size = synchsafe(frame[4:8]) if sizes_are_synchsafe else int.from_bytes(frame[4:8])
        if size <= MAX_FRAME_BYTES:
            frames += reader.read_at(at, 10 + size)
        at += 10 + size
    length = bytes(len(frames) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return io.BytesIO(header[:6] + length + frames)


def synchsafe(data: bytes) -> int:
    return sum((byte & 0x7F) << 7 * place for place, byte in enumerate(reversed(data)))


def collect(tag: Any) -> Found:
    found = Found()
    for name, frame in tag.items():
        if name.startswith("APIC"):
            found.pictures.append(Picture(frame.data, int(frame.type)))
        elif texts := texts_of(frame):
            found.raw[name] = texts
            key = name.upper() if name.startswith("TXXX:") else name
            if field := FRAMES.get(key):
                found.add(field, texts)
    return found


def texts_of(frame: Any) -> list[str]:
    """A frame's text values; lyrics have one, pictures and private data none."""
    text = getattr(frame, "text", None)
    if isinstance(text, str):
        return [text]
    return [str(value) for value in text] if isinstance(text, list) else []
