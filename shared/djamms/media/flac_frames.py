"""The last frame of a FLAC stream says how far the music goes (RFC 9639 §9.1).

STREAMINFO's total is 0 in streamed files and too large in truncated ones.
"""

import re
from typing import NamedTuple

SYNC = re.compile(rb"\xff[\xf8\xf9]")
BLOCK_SIZES = (
    {1: 192} | {n: 576 << n - 2 for n in range(2, 6)} | {n: 256 << n - 8 for n in range(8, 16)}
)
MAX_CHANNEL_CODE = 10
RESERVED_SAMPLE_SIZES = (3,)


class FlacFrame(NamedTuple):
    is_variable: bool
    # A sample number when the block size is variable, else a frame number.
    number: int
    block_size: int


def last_frame(tail: bytes) -> FlacFrame | None:
    """The last frame header in `tail` whose checksum is right."""
    for match in reversed(list(SYNC.finditer(tail))):
        if frame := parse(tail[match.start() : match.start() + 16]):
            return frame
    return None


def parse(header: bytes) -> FlacFrame | None:
    if len(header) < 6 or not _is_plausible(header):
        return None
    coded = _coded_number(header[4:11])
    if coded is None:
        return None
    number, at = coded[0], 4 + coded[1]
    size_code, rate_code = header[2] >> 4, header[2] & 15
    block_size = BLOCK_SIZES.get(size_code, 0)
    if size_code in (6, 7):
        width = size_code - 5
        block_size = int.from_bytes(header[at : at + width]) + 1
        at += width
    at += {12: 1, 13: 2, 14: 2}.get(rate_code, 0)
    if at >= len(header) or crc8(header[:at]) != header[at]:
        return None
    return FlacFrame(bool(header[1] & 1), number, block_size)


def _is_plausible(header: bytes) -> bool:
    channels, sample_size = header[3] >> 4, header[3] >> 1 & 7
    return (
        header[2] >> 4 != 0
        and header[2] & 15 != 15
        and channels <= MAX_CHANNEL_CODE
        and sample_size not in RESERVED_SAMPLE_SIZES
        and not header[3] & 1
    )


def _coded_number(data: bytes) -> tuple[int, int] | None:
    """A number in UTF-8's manner, up to 36 bits: (value, bytes used)."""
    first = data[0]
    if first < 0x80:
        return first, 1
    length = 8 - (first ^ 0xFF).bit_length()
    if not 2 <= length <= 7 or len(data) < length:
        return None
    value = first & (0x7F >> length)
    for byte in data[1:length]:
        if byte & 0xC0 != 0x80:
            return None
        value = value << 6 | byte & 0x3F
    return value, length


def crc8(data: bytes) -> int:
    """Polynomial x^8 + x^2 + x + 1."""
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = (value << 1 ^ 0x07) & 0xFF if value & 0x80 else value << 1
    return value
