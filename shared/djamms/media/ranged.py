"""A seekable file over ranged reads, so that tags are read without downloading the music.

Parsers read in hundreds of small steps. Small blocks are fetched once and kept; what one read lacks
comes in one request; the end of the file comes whole.
"""

import io
from dataclasses import dataclass
from typing import Protocol

BLOCK_BYTES = 16 * 1024
TAIL_BLOCKS = 4


class RangeSource(Protocol):
    @property
    def size(self) -> int: ...

    def read_range(self, start: int, length: int) -> bytes:
        """Exactly `length` bytes from `start`; both lie inside the object."""
        ...


class BudgetExceeded(Exception):
    """The file wants more reading than its tags are worth. No OSError: mutagen converts those."""


@dataclass(frozen=True, slots=True)
class ReadBudget:
    max_bytes: int = 8 * 1024 * 1024
    max_requests: int = 150


# What finding the first frames and the length of the sound may take.
RESERVED = ReadBudget(max_bytes=1024 * 1024, max_requests=50)


class RangedReader:
    """Enough of a binary file for mutagen; never writes.

    `failure` keeps an error of the source, so that a caller can tell "the file is broken" from
    "the storage is down" even where a parser in between swallowed or converted it.
    """

    def __init__(self, source: RangeSource, budget: ReadBudget | None = None) -> None:
        self._source = source
        self._budget = budget or ReadBudget()
        self._blocks: dict[int, bytes] = {}
        self._position = 0
        self.size = source.size
        self.bytes_read = 0
        self.requests = 0
        self.failure: Exception | None = None

    @property
    def remaining_bytes(self) -> int:
        return self._budget.max_bytes - self.bytes_read

    def read(self, size: int = -1) -> bytes:
        end = self.size if size is None or size < 0 else min(self.size, self._position + size)
        data = self.read_at(self._position, end - self._position)
        self._position += len(data)
        return data

    def read_at(self, start: int, length: int) -> bytes:
        """Up to `length` bytes from `start`, fewer at the end; the position stays."""
        start, end = max(0, start), min(self.size, start + length)
        if end <= start:
            return b""
        first, last = start // BLOCK_BYTES, (end - 1) // BLOCK_BYTES
        self._load(first, last)
        offset = start - first * BLOCK_BYTES
        if first == last:
            return self._blocks[first][offset : offset + end - start]
        joined = b"".join(self._blocks[index] for index in range(first, last + 1))
        return joined[offset : offset + end - start]

    def read_optional(self, start: int, length: int) -> bytes:
        """As `read_at`, but never from what the sound itself may still need."""
        bytes_left = self.remaining_bytes - RESERVED.max_bytes
        requests_left = self._budget.max_requests - self.requests - RESERVED.max_requests
        if min(length, self.size - start) > bytes_left or requests_left <= 0:
            raise BudgetExceeded
        return self.read_at(start, length)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise OSError("negative seek position")
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        return self._position

    def _load(self, first: int, last: int) -> None:
        final = (self.size - 1) // BLOCK_BYTES
        # Who asks for a piece of the end will ask for the rest of it.
        if first > final - TAIL_BLOCKS and first not in self._blocks:
            last = final
        # The last block may be a few bytes short: its neighbour comes with it.
        if first == final and final not in self._blocks:
            first = max(0, final - 1)
        run: list[int] = []
        for index in range(first, last + 2):
            if index <= last and index not in self._blocks:
                run.append(index)
            elif run:
                self._fetch(run)
                run = []

    def _fetch(self, run: list[int]) -> None:
        start = run[0] * BLOCK_BYTES
        length = min(self.size, (run[-1] + 1) * BLOCK_BYTES) - start
        if length > self.remaining_bytes or self.requests >= self._budget.max_requests:
            raise BudgetExceeded
        try:
            data = self._source.read_range(start, length)
        except Exception as error:
            self.failure = error
            raise
        self.bytes_read += length
        self.requests += 1
        for place, index in enumerate(run):
            self._blocks[index] = data[place * BLOCK_BYTES : (place + 1) * BLOCK_BYTES]


class BytesSource:
    """A file that is already in memory."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.size = len(data)

    def read_range(self, start: int, length: int) -> bytes:
        return self._data[start : start + length]
