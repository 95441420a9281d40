"""Containers put together by hand: what no encoder writes, and headers that lie."""

import struct
import zlib
from collections.abc import Iterable, Iterator

REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
OFFSET_TABLES = {b"stco": ">I", b"co64": ">Q"}
PARENTS = (b"moov", b"trak", b"mdia", b"minf", b"stbl")


def chunk(name: bytes, data: bytes, *, size: int | None = None) -> bytes:
    """A RIFF chunk; `size` overwrites what its header says."""
    length = len(data) if size is None else size
    return name + struct.pack("<I", length & 0xFFFFFFFF) + data + bytes(len(data) & 1)


def riff(*chunks: bytes, name: bytes = b"RIFF", size: int | None = None) -> bytes:
    body = b"WAVE" + b"".join(chunks)
    return name + struct.pack("<I", len(body) if size is None else size) + body


def wave_format(
    *, tag: int = 1, channels: int = 2, rate: int = 44_100, bits: int = 16, extra: bytes = b""
) -> bytes:
    block = channels * bits // 8
    head = struct.pack("<HHIIHH", tag, channels, rate, rate * block & 0xFFFFFFFF, block, bits)
    return chunk(b"fmt ", head + extra)


def info(*texts: tuple[bytes, bytes]) -> bytes:
    """A LIST INFO chunk."""
    return chunk(b"LIST", b"INFO" + b"".join(chunk(name, text + b"\0") for name, text in texts))


def box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + name + body


def boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(name, whole atom) of each atom."""
    at = 0
    while at + 8 <= len(data):
        size = struct.unpack_from(">I", data, at)[0] or len(data) - at
        if size == 1:
            size = struct.unpack_from(">Q", data, at + 8)[0]
        yield data[at + 4 : at + 8], data[at : at + size]
        at += size


def index_first(data: bytes) -> bytes:
    """An MP4 file with `moov` before the sound, its offsets moved along."""
    parts = [(name, atom) for name, atom in boxes(data) if name != b"free"]
    moov = next(atom for name, atom in parts if name == b"moov")
    heads = b"".join(atom for name, atom in parts if name == b"ftyp")
    rest = b"".join(atom for name, atom in parts if name not in (b"ftyp", b"moov"))
    moved = len(heads) + len(moov) - (data.index(b"mdat") - 4)
    return heads + shifted(moov, moved) + rest


def shifted(atom: bytes, by: int) -> bytes:
    name, body = atom[4:8], atom[8:]
    if name in OFFSET_TABLES:
        form = OFFSET_TABLES[name]
        offsets = (offset + by for (offset,) in struct.iter_unpack(form, body[8:]))
        return atom[:16] + b"".join(struct.pack(form, offset) for offset in offsets)
    if name in PARENTS:
        return box(name, *(shifted(child, by) for _, child in boxes(body)))
    return atom


def adts(sizes: Iterable[int], *, rate_index: int = 4, channels: int = 2) -> bytes:
    """Frames of these sizes, header included, with nothing in them."""
    return b"".join(
        (
            0xFFF << 44
            | 1 << 40
            | 1 << 38
            | rate_index << 34
            | channels << 30
            | size << 13
            | 0x7FF << 2
        ).to_bytes(7)
        + bytes(size - 7)
        for size in sizes
    )


def ogg_page(
    packets: Iterable[bytes],
    *,
    granule: int = 0,
    serial: int = 1,
    sequence: int = 0,
    flags: int = 0,
) -> bytes:
    """A page of whole packets, with its checksum."""
    body = list(packets)
    lacing = b"".join(b"\xff" * (len(p) // 255) + bytes([len(p) % 255]) for p in body)
    head = struct.pack("<4sBBqII", b"OggS", 0, flags, granule, serial, sequence)
    return with_checksum(head + bytes(4) + bytes([len(lacing)]) + lacing + b"".join(body))


def with_checksum(page: bytes) -> bytes:
    zeroed = page[:22] + bytes(4) + page[26:]
    value = ~zlib.crc32(zeroed.translate(REVERSED), 0xFFFFFFFF) & 0xFFFFFFFF
    return page[:22] + struct.pack("<I", int(f"{value:032b}"[::-1], 2)) + page[26:]


def shift_granules(ogg: bytes, by: int) -> bytes:
    """Every page of sound later on the time line, as in a piece of a broadcast."""
    pages = [b"OggS" + part for part in ogg.split(b"OggS")[1:]]
    moved = []
    for page in pages:
        granule = struct.unpack_from("<q", page, 6)[0]
        if granule > 0:
            page = with_checksum(page[:6] + struct.pack("<q", granule + by) + page[14:])
        moved.append(page)
    return b"".join(moved)
