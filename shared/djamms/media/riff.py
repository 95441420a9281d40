"""The chunks of a RIFF WAVE file, RF64 and BW64 too, with sizes that fit the file."""

from collections.abc import Iterator
from typing import NamedTuple

from djamms.media.id3_frames import skip_tags
from djamms.media.ranged import RangedReader

HEADER_BYTES = 8
MAX_CHUNKS = 100
# Written by programs that did not know the size when they began: these, or 0.
UNKNOWN_SIZE = 0x7FFF_0000
SCAN_BYTES = 64 * 1024
DATA, LARGE_SIZES = b"data", b"ds64"


class Chunk(NamedTuple):
    """`size` is what is there, `declared` what the header says."""

    name: bytes
    at: int
    size: int
    declared: int

    @property
    def is_cut(self) -> bool:
        return self.size < self.declared < UNKNOWN_SIZE

    @property
    def is_longer(self) -> bool:
        return 0 < self.declared < self.size


def chunks(reader: RangedReader) -> Iterator[Chunk]:
    """Each chunk once; a `data` chunk is looked for where the order of chunks is broken."""
    at, large, has_data = skip_tags(reader) + 12, None, False
    for _ in range(MAX_CHUNKS):
        header = reader.read_at(at, HEADER_BYTES)
        if len(header) < HEADER_BYTES:
            break
        name, declared = header[:4], int.from_bytes(header[4:], "little")
        body = at + HEADER_BYTES
        if name == LARGE_SIZES:
            large = int.from_bytes(reader.read_at(body + 8, 8), "little")
        if name == DATA and declared >= UNKNOWN_SIZE and large:
            declared = large
        size = min(declared, reader.size - body)
        if name == DATA:
            size, has_data = sound_bytes(reader, body, declared), True
        yield Chunk(name, body, size, declared)
        at = following(reader, body + size)
    if not has_data and (lost := find_data(reader)):
        yield lost


def sound_bytes(reader: RangedReader, body: int, declared: int) -> int:
    """What the header says, unless the file knows better: it goes on, or it ends."""
    room = reader.size - body
    if declared >= room:
        return room
    after = following(reader, body + declared)
    goes_on = declared < room // 2 and not is_name(reader.read_at(after, 4))
    return room if goes_on else declared


def following(reader: RangedReader, end: int) -> int:
    """Where the next chunk begins: at an even offset, but some programs forget to pad."""
    padded = end + (end & 1)
    return end if end != padded and not is_name(reader.read_at(padded, 4)) else padded


def is_name(name: bytes) -> bool:
    return len(name) == 4 and name.isascii() and name.decode().isprintable()


def find_data(reader: RangedReader) -> Chunk | None:
    head = reader.read_at(0, SCAN_BYTES)
    at = head.find(DATA, 12)
    body = at + HEADER_BYTES
    if at < 0 or body >= reader.size:
        return None
    return Chunk(DATA, body, reader.size - body, reader.size - body)
