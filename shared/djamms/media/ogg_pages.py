"""The pages of an Ogg file (RFC 3533), and the packets that they carry."""

import zlib
from collections.abc import Callable, Iterator
from typing import NamedTuple

from djamms.media.ranged import RangedReader

HEADER_BYTES = 27
MAX_PAGE_BYTES = HEADER_BYTES + 255 + 255 * 255
CAPTURE = b"OggS"
CONTINUED, FIRST = 1, 2
# No packet ends on such a page.
NO_GRANULE = 0xFFFF_FFFF_FFFF_FFFF
SCAN_BYTES = 128 * 1024
MAX_PAGES = 20_000
MIN_AHEAD_BYTES, MAX_AHEAD_BYTES = 64 * 1024, 1024 * 1024
# zlib's polynomial, its bits the other way round.
REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


class Page(NamedTuple):
    at: int
    flags: int
    granule: int
    serial: int
    sequence: int
    lacing: bytes

    @property
    def body(self) -> int:
        return self.at + HEADER_BYTES + len(self.lacing)

    @property
    def end(self) -> int:
        return self.body + sum(self.lacing)

    @property
    def packets(self) -> int:
        """Packets that end here."""
        return sum(length < 255 for length in self.lacing)


def parse(data: bytes, at: int, offset: int = 0) -> Page | None:
    """The page at an index of `data`, which begins at an offset of the file."""
    header = data[at : at + HEADER_BYTES]
    if len(header) < HEADER_BYTES or not header.startswith(CAPTURE) or header[4]:
        return None
    lacing = data[at + HEADER_BYTES : at + HEADER_BYTES + header[26]]
    if len(lacing) < header[26]:
        return None
    granule, serial, sequence = (
        int.from_bytes(header[start:end], "little") for start, end in ((6, 14), (14, 18), (18, 22))
    )
    return Page(offset + at, header[5], granule, serial, sequence, lacing)


def pages(reader: RangedReader, at: int, *, is_optional: bool = False) -> Iterator[Page]:
    """One after the other; what is between them is skipped, if it is not too much."""
    ahead = Ahead(reader.read_optional if is_optional else reader.read_at)
    for _ in range(MAX_PAGES):
        page = parse(ahead.read(at, HEADER_BYTES + 255), 0, at)
        if page is None:
            found = reader.read_at(at + 1, SCAN_BYTES).find(CAPTURE)
            if found < 0:
                return
            at += 1 + found
            continue
        yield page
        at = page.end


class Ahead:
    """Reads in sequence in ever larger steps: a cover among the comments spans many pages."""

    def __init__(self, read: Callable[[int, int], bytes]) -> None:
        self._read, self._until, self._step = read, 0, MIN_AHEAD_BYTES

    def read(self, at: int, length: int) -> bytes:
        if self._until and at + length > self._until:
            self._read(at, self._step)
            self._until = at + self._step
            self._step = min(2 * self._step, MAX_AHEAD_BYTES)
        self._until = self._until or at + MIN_AHEAD_BYTES
        return self._read(at, length)


def packets(reader: RangedReader, at: int, serial: int, limit: int) -> Iterator[tuple[bytes, Page]]:
    """Each packet of one stream, and the page that it ends on; cut at `limit` bytes."""
    parts: list[bytes] = []
    size = 0
    for page in pages(reader, at, is_optional=True):
        if page.serial != serial:
            continue
        start = page.body
        for length, ends in segments(page):
            if size < limit:
                parts.append(reader.read_optional(start, min(length, limit - size)))
            start, size = start + length, size + length
            if ends:
                yield b"".join(parts), page
                parts, size = [], 0


def segments(page: Page) -> Iterator[tuple[int, bool]]:
    """(bytes, whether the packet ends there) of each packet's share of a page."""
    length = 0
    for lace in page.lacing:
        length += lace
        if lace < 255:
            yield length, True
            length = 0
    if length:
        yield length, False


def is_intact(data: bytes) -> bool:
    """Whether a page's checksum is right."""
    claimed = int.from_bytes(data[22:26], "little")
    zeroed = data[:22] + bytes(4) + data[26:]
    value = ~zlib.crc32(zeroed.translate(REVERSED), 0xFFFF_FFFF) & 0xFFFF_FFFF
    return int(f"{value:032b}"[::-1], 2) == claimed
