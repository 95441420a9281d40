"""Fragmented MP4 (ISO/IEC 14496-12 §8.8): there the index tells nothing of the length."""

import struct
from typing import NamedTuple

from djamms.media.mp4_atoms import Atom, atoms, children, content, find
from djamms.media.ranged import RangedReader

# So many requests to walk from fragment to fragment; then the end of the file is searched.
MAX_WALK_REQUESTS = 4
TAIL_BYTES = (32 * 1024, 512 * 1024)
MAX_RUN_BYTES = 256 * 1024
NAME = b"moof"


class Fragment(NamedTuple):
    """`start` is its place on the time line if it says so, both in units of the time scale."""

    start: int | None
    length: int


def fragments_seconds(reader: RangedReader, first: Atom, moov: Atom, track: int) -> float:
    """In units of the time scale: all fragments, or the last one's place less the first one's."""
    counter = Counter(reader, track, usual_duration(reader, moov, track))
    walked, reached = walk(reader, first, counter)
    length = float(sum(part.length for part in walked))
    if reached >= reader.size:
        return length
    last = last_fragment(reader, counter)
    if last and last.start is not None:
        # A recording may begin in the middle of a broadcast.
        return last.start + last.length - (walked[0].start or 0)
    return length * (reader.size - first.start) / (reached - first.start)


def usual_duration(reader: RangedReader, moov: Atom, track: int) -> int:
    """What a sample lasts where a fragment does not say."""
    extends = find(reader, moov, b"mvex")
    for atom in children(reader, extends) if extends else ():
        data = content(reader, atom, 24)
        if atom.name == b"trex" and int.from_bytes(data[4:8]) == track:
            return int.from_bytes(data[12:16])
    return 0


class Counter(NamedTuple):
    """Tells what a fragment holds of one track."""

    reader: RangedReader
    track: int
    usual_duration: int

    def fragment(self, moof: Atom) -> Fragment:
        for run in children(self.reader, moof):
            header = content(self.reader, find(self.reader, run, b"tfhd"), 32)
            if run.name == b"traf" and int.from_bytes(header[4:8]) == self.track:
                return self._track_fragment(run, header)
        return Fragment(None, 0)

    def _track_fragment(self, run: Atom, header: bytes) -> Fragment:
        lasting = default_duration(header, self.usual_duration)
        length = sum(
            run_length(content(self.reader, atom, MAX_RUN_BYTES), lasting)
            for atom in children(self.reader, run)
            if atom.name == b"trun"
        )
        place = content(self.reader, find(self.reader, run, b"tfdt"), 12)
        wide = place[:1] == b"\1"
        start = int.from_bytes(place[4 : 12 if wide else 8]) if len(place) >= 8 else None
        return Fragment(start, length)


def walk(reader: RangedReader, first: Atom, counter: Counter) -> tuple[list[Fragment], int]:
    """Fragments from the first on, and the offset where the walk ended."""
    found: list[Fragment] = []
    reached, allowed = first.start, reader.requests + MAX_WALK_REQUESTS
    for atom in atoms(reader, first.start - 8, reader.size):
        if reader.requests >= allowed:
            return found, reached
        if atom.name == NAME:
            found.append(counter.fragment(atom))
        reached = atom.end
    return found, max(reached, first.start + 1)


def last_fragment(reader: RangedReader, counter: Counter) -> Fragment | None:
    for window in TAIL_BYTES:
        start = max(0, reader.size - window)
        tail = reader.read_at(start, window)
        at = tail.rfind(NAME)
        while at >= 4:
            size = int.from_bytes(tail[at - 4 : at])
            if tail[at + 8 : at + 12] == b"mfhd" and size > 16:
                return counter.fragment(Atom(NAME, start + at + 4, start + at - 4 + size))
            at = tail.rfind(NAME, 0, at)
    return None


def default_duration(header: bytes, usual: int) -> int:
    flags = int.from_bytes(header[1:4])
    at = 8 + (8 if flags & 1 else 0) + (4 if flags & 2 else 0)
    return int.from_bytes(header[at : at + 4]) if flags & 8 else usual


def run_length(run: bytes, lasting: int) -> int:
    """The samples of one run, in units of the time scale."""
    flags, count = int.from_bytes(run[1:4]), int.from_bytes(run[4:8])
    if not flags & 0x100:
        return count * lasting
    at = 8 + (4 if flags & 1 else 0) + (4 if flags & 4 else 0)
    step = sum(4 for bit in (0x100, 0x200, 0x400, 0x800) if flags & bit)
    samples = run[at : at + count * step]
    whole = samples[: len(samples) // step * step]
    return sum(entry[0] for entry in struct.iter_unpack(f">I{step - 4}x", whole))
