"""The length of a frame stream without a trustworthy header: count its frames, or weigh samples.

A whole walk costs one download of the file. Where the budget does not allow it, windows spread
over the file give the mean seconds per byte, right to about 1 %.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from djamms.media.ranged import BLOCK_BYTES, RangedReader

CHUNK_BYTES = 1024 * 1024
WINDOW_BYTES = 32 * 1024
# So many frames in a row are no accident.
CHAIN = 4
MIN_CHAIN = 2


class Frame(NamedTuple):
    size: int
    samples: int
    sample_rate: int
    bitrate_kbps: int
    channels: int


class FrameKind(NamedTuple):
    """How to recognise one frame: `decode` takes the header's bytes as one big-endian number."""

    # Finds where a header may begin; anything that `decode` accepts must match.
    sync: re.Pattern[bytes]
    header_bytes: int
    decode: Callable[[int], Frame | None]

    def at(self, data: bytes, offset: int) -> Frame | None:
        header = data[offset : offset + self.header_bytes]
        return self.decode(int.from_bytes(header)) if len(header) == self.header_bytes else None


class Tally:
    """Frames seen so far."""

    def __init__(self) -> None:
        self.counts: Counter[Frame] = Counter()

    def add(self, other: "Tally") -> None:
        self.counts.update(other.counts)

    @property
    def seconds(self) -> float:
        return sum(n * frame.samples / frame.sample_rate for frame, n in self.counts.items())

    @property
    def frame_bytes(self) -> int:
        return sum(n * frame.size for frame, n in self.counts.items())

    @property
    def is_constant(self) -> bool:
        return len({frame.bitrate_kbps for frame in self.counts}) <= 1


def find_sync(data: bytes, kind: FrameKind, start: int = 0) -> int | None:
    """Where a chain of frames begins; a chain cut off by the end of the data may be shorter."""
    candidates = (match.start() for match in kind.sync.finditer(data, start))
    return next((at for at in candidates if chain_length(data, kind, at) >= CHAIN), None)


def chain_length(data: bytes, kind: FrameKind, at: int) -> int:
    """CHAIN when the frames go on (or end with the data after MIN_CHAIN), else less."""
    first = kind.at(data, at)
    for count in range(CHAIN):
        frame = kind.at(data, at)
        if frame is None or first is None or frame.sample_rate != first.sample_rate:
            runs_out = at + kind.header_bytes > len(data) and count >= MIN_CHAIN
            return CHAIN if runs_out else count
        at += frame.size
    return CHAIN


def tally_frames(data: bytes, kind: FrameKind, at: int) -> tuple[Tally, int]:
    """All frames from `at`, junk between them skipped; and where the next one would begin."""
    tally, counts = Tally(), Counter[Frame]()
    while at + kind.header_bytes <= len(data):
        if frame := kind.at(data, at):
            counts[frame] += 1
            at += frame.size
        elif (found := find_sync(data, kind, at + 1)) is not None:
            at = found
        else:
            at = len(data)
    tally.counts = counts
    return tally, at


def walk(reader: RangedReader, kind: FrameKind, start: int, end: int) -> Tally:
    """Every frame between two offsets. Raises BudgetExceeded."""
    tally, at = Tally(), start
    while at + kind.header_bytes <= end:
        chunk = reader.read_at(at, min(CHUNK_BYTES, end - at))
        part, advance = tally_frames(chunk, kind, 0)
        tally.add(part)
        at += max(advance, 1)
    return tally


def sample(
    reader: RangedReader, kind: FrameKind, spots: Sequence[int], window: int = WINDOW_BYTES
) -> list[Tally]:
    """The frames of one window at each spot."""
    tallies = []
    for spot in spots:
        # Not across one block more than it takes.
        data = reader.read_at(spot // BLOCK_BYTES * BLOCK_BYTES, window)
        if (at := find_sync(data, kind)) is not None:
            tallies.append(tally_frames(data, kind, at)[0])
    return tallies


def total(tallies: Sequence[Tally]) -> Tally:
    joined = Tally()
    for tally in tallies:
        joined.add(tally)
    return joined


def uncertainty(tallies: Sequence[Tally]) -> float:
    """Standard error of the seconds per byte that these windows give, as a share of it."""
    whole, count = total(tallies), len(tallies)
    if count < 3 or not whole.frame_bytes or not whole.seconds:
        return math.inf
    rate = whole.seconds / whole.frame_bytes
    squares = sum((tally.seconds - rate * tally.frame_bytes) ** 2 for tally in tallies)
    return math.sqrt(squares * count / (count - 1)) / whole.seconds


def weighed(tally: Tally, audio_bytes: int) -> float:
    """Seconds of so many bytes, if all are like those in the tally."""
    return tally.seconds * audio_bytes / tally.frame_bytes if tally.frame_bytes else 0.0


def spread(start: int, end: int, count: int) -> list[int]:
    """`count` offsets, evenly spread between two offsets and away from both."""
    return [start + (end - start) * (2 * i + 1) // (2 * count) for i in range(count)]
