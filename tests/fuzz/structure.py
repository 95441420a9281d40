"""Where the lengths stand in a file, so that a mutation can lie about them."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

MP4_PARENTS = (
    *(b"moov", b"trak", b"mdia", b"minf", b"stbl", b"udta", b"ilst", b"moof", b"traf", b"mvex"),
    *(b"\xa9nam", b"\xa9ART", b"----", b"covr", b"trkn", b"tmpo"),
)
MAX_PARTS, MAX_DEPTH = 400, 20


class Part(NamedTuple):
    """A piece of a file with the place of its own length field."""

    start: int
    end: int
    length_at: int
    length_bytes: int
    byte_order: Literal["big", "little"]


def parts(data: bytes) -> list[Part]:
    """Atoms, chunks, pages, blocks and frames, whatever the file has."""
    found = list(id3_parts(data))
    start = found[0].end if found else 0
    body = data[start : start + 12]
    if body[:4] == b"fLaC":
        found += flac_parts(data, start + 4)
    elif body[8:12] == b"WAVE":
        found += riff_parts(data, start + 12, len(data))
    elif body[:4] == b"OggS":
        found += ogg_parts(data, start)
    elif body[4:8] in (b"ftyp", b"moov", b"styp"):
        found += mp4_parts(data, start, len(data))
    return found[:MAX_PARTS]


def id3_parts(data: bytes) -> Iterator[Part]:
    if data[:3] != b"ID3":
        return
    end = 10 + sum((byte & 0x7F) << 7 * place for place, byte in enumerate(data[9:5:-1]))
    yield Part(0, end, 6, 4, "big")
    at = 10
    while at + 10 < end and data[at : at + 1].isupper():
        raw = data[at + 4 : at + 8]
        size = int.from_bytes(raw)
        if data[3] == 4:
            size = sum((byte & 0x7F) << 7 * place for place, byte in enumerate(raw[::-1]))
        yield Part(at, at + 10 + size, at + 4, 4, "big")
        at += 10 + size


def flac_parts(data: bytes, at: int) -> Iterator[Part]:
    is_last = False
    while not is_last and at + 4 < len(data):
        is_last = bool(data[at] & 0x80)
        end = at + 4 + int.from_bytes(data[at + 1 : at + 4])
        yield Part(at, end, at + 1, 3, "big")
        at = end


def riff_parts(data: bytes, at: int, end: int) -> Iterator[Part]:
    while at + 8 <= end:
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        yield Part(at, min(at + 8 + size, end), at + 4, 4, "little")
        if data[at : at + 4] == b"LIST":
            yield from riff_parts(data, at + 12, min(at + 8 + size, end))
        at += 8 + size + (size & 1)


def ogg_parts(data: bytes, at: int) -> Iterator[Part]:
    """A page's length is its table of lengths."""
    while (at := data.find(b"OggS", at)) >= 0 and at + 27 < len(data):
        count = data[at + 26]
        end = at + 27 + count + sum(data[at + 27 : at + 27 + count])
        yield Part(at, end, at + 26, 1 + min(count, 8), "big")
        at += 4


def mp4_parts(data: bytes, at: int, end: int, depth: int = 0) -> Iterator[Part]:
    while at + 8 <= end and depth < MAX_DEPTH:
        size, name = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        stop = min(at + max(size, 8), end)
        yield Part(at, stop, at, 4, "big")
        if name in MP4_PARENTS:
            yield from mp4_parts(data, at + 8, stop, depth + 1)
        elif name == b"meta":
            yield from mp4_parts(data, at + 12, stop, depth + 1)
        at = stop
