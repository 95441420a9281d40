"""The frames of an ID3v2 tag, without those that are not worth reading or not safe to open.

A frame is made plain here (no unsynchronisation, no compression, no length that may be read in two
ways) and bounded, so that a tag of any size costs little and a compressed one cannot explode.
"""

import zlib
from collections.abc import Iterator
from typing import NamedTuple

from djamms.media.ranged import BudgetExceeded, RangedReader

HEADER_BYTES = 10
MAX_STACKED_TAGS = 16
MAX_FRAMES = 1000
MAX_TEXT_BYTES = 64 * 1024
MAX_PICTURE_BYTES = 6 * 1024 * 1024
# All frames of a tag after decompression.
MAX_FRAMES_BYTES = 16 * 1024 * 1024
# A tag up to this size comes in one request, a larger one frame by frame.
MAX_WHOLE_BYTES = 4 * 1024 * 1024
UNSYNCHRONISED, EXTENDED, FOOTER = 0x80, 0x40, 0x10
PICTURES = (b"APIC", b"PIC")
LONG_TEXTS = (b"COMM", b"USLT", b"COM", b"ULT")
# By the first byte of a text.
CODECS = ("latin-1", "utf-16", "utf-16-be", "utf-8")
UTF_8 = b"\3"
# Flags of a frame by version: grouped, compressed, encrypted, unsynchronised, with a length.
FLAGS = {
    3: (0x20, 0x80, 0x40, 0, 0),
    4: (0x40, 0x08, 0x04, 0x02, 0x01),
}


class Tag(NamedTuple):
    """`start` is where the frames begin."""

    version: int
    flags: int
    start: int
    end: int


class Frame(NamedTuple):
    name: bytes
    data: bytes


class FrameTooLarge(Exception):
    """This frame is not read."""


def tags(reader: RangedReader, at: int = 0) -> Iterator[Tag]:
    """The tags that begin at an offset; Windows Media Player stacks several."""
    for _ in range(MAX_STACKED_TAGS):
        header = reader.read_at(at, HEADER_BYTES)
        if len(header) < HEADER_BYTES or not header.startswith(b"ID3"):
            return
        end = at + HEADER_BYTES + synchsafe(header[6:])
        yield Tag(header[3], header[5], at + HEADER_BYTES, end)
        # A footer repeats the header.
        at = end + (HEADER_BYTES if header[5] & FOOTER else 0)


def skip_tags(reader: RangedReader, at: int = 0) -> int:
    """Where the audio begins."""
    for tag in tags(reader, at):
        at = tag.end + (HEADER_BYTES if tag.flags & FOOTER else 0)
    return at


def synchsafe(data: bytes) -> int:
    """Seven bits of each byte."""
    return sum((byte & 0x7F) << 7 * place for place, byte in enumerate(reversed(data)))


def frames(reader: RangedReader, tag: Tag) -> Iterator[Frame | None]:
    """The frames worth having; None for one that is too large, which a
    plain text is not: it is cut."""
    source: RangedReader | bytes = reader
    start, end = tag.start, min(tag.end, reader.size)
    if end - start <= MAX_WHOLE_BYTES:
        source = reader.read_optional(start, end - start)
        if tag.flags & UNSYNCHRONISED and tag.version < 4:
            source = synchronised(source)
        start, end = 0, len(source)
    start += extended_header(piece(source, start, 6), tag) if tag.flags & EXTENDED else 0
    room = MAX_FRAMES_BYTES
    for name, at, size, flags in layout(source, tag.version, start, end):
        limit = limit_of(name)
        if not limit:
            continue
        is_long = size > limit
        if is_long and (flags or not name.startswith(b"T")):
            yield None
            continue
        try:
            data = plain(piece(source, at, min(size, limit)), flags, tag, min(limit, room))
        except (FrameTooLarge, BudgetExceeded):
            yield None
            continue
        if data is not None:
            room -= len(data)
            yield Frame(name, cut_text(data) if is_long else data)


def cut_text(data: bytes) -> bytes:
    """The beginning of a text, which is more than is ever shown, without half a character."""
    codec = CODECS[data[0]] if data[0] < len(CODECS) else "latin-1"
    return UTF_8 + data[1:].decode(codec, "ignore").encode(errors="ignore")


def piece(source: RangedReader | bytes, at: int, size: int) -> bytes:
    return source[at : at + size] if isinstance(source, bytes) else source.read_optional(at, size)


def layout(
    source: RangedReader | bytes, version: int, at: int, end: int
) -> Iterator[tuple[bytes, int, int, int]]:
    """(name, offset, size, flags) of each frame, up to the padding or the first nonsense."""
    header_bytes, name_bytes = (6, 3) if version == 2 else (10, 4)
    for _ in range(MAX_FRAMES):
        header = piece(source, at, header_bytes)
        name = header[:name_bytes]
        if len(header) < header_bytes or not is_name(name):
            return
        at += header_bytes
        raw = header[name_bytes : 2 * name_bytes]
        size = int.from_bytes(raw)
        if version >= 4 and size > 0x7F:
            size = frame_size(source, raw, at, end)
        if at + size > end:
            return
        yield name, at, size, int.from_bytes(header[8:10])
        at += size


def frame_size(source: RangedReader | bytes, raw: bytes, at: int, end: int) -> int:
    """Seven bits of each byte, unless only eight lead to another frame: iTunes once wrote those."""
    small, large = synchsafe(raw), int.from_bytes(raw)
    if max(raw) > 0x7F:
        return large
    if (
        at + large <= end
        and not goes_on(source, at + small, end)
        and goes_on(source, at + large, end)
    ):
        return large
    return small


def goes_on(source: RangedReader | bytes, at: int, end: int) -> bool:
    following = piece(source, at, 4) if at <= end else b"?"
    return at == end or is_name(following) or following == bytes(4)


def is_name(name: bytes) -> bool:
    return name.isalnum() and name.isupper() and name.isascii()


def limit_of(name: bytes) -> int:
    """How many bytes such a frame may have; 0 for those that nobody asks for."""
    if name in PICTURES:
        return MAX_PICTURE_BYTES
    return MAX_TEXT_BYTES if name.startswith(b"T") or name in LONG_TEXTS else 0


def plain(data: bytes, flags: int, tag: Tag, limit: int) -> bytes | None:
    """The frame's content; None when it is encrypted or does not decompress."""
    grouped, compressed, encrypted, unsynchronised, with_length = FLAGS.get(
        tag.version, (0, 0, 0, 0, 0)
    )
    if flags & encrypted:
        return None
    if tag.version == 3:
        data = data[4:] if flags & compressed else data
    data = data[1:] if flags & grouped else data
    if tag.version >= 4:
        data = data[4:] if flags & with_length else data
        if flags & unsynchronised or tag.flags & UNSYNCHRONISED:
            data = synchronised(data)
    return decompressed(data, limit) if flags & compressed else data


def decompressed(data: bytes, limit: int) -> bytes | None:
    inflater = zlib.decompressobj()
    try:
        plain = inflater.decompress(data, limit)
    except zlib.error:
        return None
    if inflater.unconsumed_tail:
        raise FrameTooLarge
    return plain


def synchronised(data: bytes) -> bytes:
    return data.replace(b"\xff\x00", b"\xff")


def extended_header(head: bytes, tag: Tag) -> int:
    """Its length; 0 where a frame stands instead, as some taggers have it."""
    if is_name(head[:4]):
        return 0
    return synchsafe(head[:4]) if tag.version >= 4 else 4 + int.from_bytes(head[:4])


def as_v23(name: bytes, data: bytes) -> bytes:
    """The frame as version 2.3 writes it, for a parser: sizes there have one meaning."""
    if len(name) == 3:
        return name + len(data).to_bytes(3) + data
    return name + len(data).to_bytes(4) + b"\0\0" + data
