"""The last frame of a FLAC stream says how far the music goes (RFC 9639 §9.1).

STREAMINFO's total is 0 in streamed files and too large in truncated ones.
"""

import re
from typing import NamedTuple

SYNC = re.compile(rb"\xff[\xf8\xf9]")
BLOCK_SIZES = (
    {1: 192} | {n: 576 << n - 2 for n in range(2, 6)} | {n: 256 << n - 8 for n in range(8, 16)}
)
SAMPLE_RATES = (
    *(0, 88_200, 176_400, 192_000, 8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000),
    *(0, 0, 0, 0),
)
MAX_CHANNEL_CODE = 10
RESERVED_SAMPLE_SIZES = (3,)


class FlacFrame(NamedTuple):
    is_variable: bool
    # A sample number when the block size is variable, else a frame number.
    number: int
    block_size: int
    # 0 where the frame leaves it to STREAMINFO.
    sample_rate: int


def last_frames(tail: bytes) -> list[FlacFrame]:
    """The last two frame headers in `tail` whose checksum is right, the last one first."""
    found: list[FlacFrame] = []
    for match in reversed(list(SYNC.finditer(tail))):
        if frame := parse(tail[match.start() : match.start() + 16]):
            found.append(frame)
            if len(found) == 2:
                break
    return found


def samples_until_end(frames: list[FlacFrame], usual_block_size: int) -> int:
    """Where the last frame ends. Of fixed blocks only the very last may be short."""
    last = frames[0]
    if last.is_variable:
        return last.number + last.block_size
    usual = frames[1].block_size if len(frames) > 1 else usual_block_size
    return last.number * usual + last.block_size


def parse(header: bytes) -> FlacFrame | None:
    if len(header) < 6 or not _is_plausible(header):
        return None
    coded = _coded_number(header[4:11])
    if coded is None:
        return None
    number, at = coded[0], 4 + coded[1]
    block_size, width = _block_size(header[2] >> 4, header[at:])
    at += width
    sample_rate, width = _sample_rate(header[2] & 15, header[at:])
    at += width
    if at >= len(header) or crc8(header[:at]) != header[at]:
        return None
    return FlacFrame(bool(header[1] & 1), number, block_size, sample_rate)


def _block_size(code: int, following: bytes) -> tuple[int, int]:
    """(samples, bytes used after the number)"""
    if code in (6, 7):
        width = code - 5
        return int.from_bytes(following[:width]) + 1, width
    return BLOCK_SIZES.get(code, 0), 0


def _sample_rate(code: int, following: bytes) -> tuple[int, int]:
    """(Hz or 0 for "see STREAMINFO", bytes used after the block size)"""
    if code == 12:
        return int.from_bytes(following[:1]) * 1000, 1
    if code in (13, 14):
        return int.from_bytes(following[:2]) * (10 if code == 14 else 1), 2
    return SAMPLE_RATES[code], 0


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
