"""The atoms of an MP4 file (ISO/IEC 14496-12 §4.2), walked by range and never by recursion."""

from collections.abc import Iterator
from typing import NamedTuple

from djamms.media.ranged import RangedReader

MAX_CHILDREN = 4096


class Atom(NamedTuple):
    """`start` and `end` enclose the content; `end` may lie behind the end of the file."""

    name: bytes
    start: int
    end: int

    @property
    def size(self) -> int:
        return self.end - self.start


def atoms(reader: RangedReader, start: int, end: int) -> Iterator[Atom]:
    """One after the other, until the end or a size that makes no sense."""
    at = start
    for _ in range(MAX_CHILDREN):
        header = reader.read_at(at, 16)
        if at + 8 > end or len(header) < 8:
            return
        size, content = int.from_bytes(header[:4]), at + 8
        if size == 1:
            size, content = int.from_bytes(header[8:16]), at + 16
        elif size == 0:
            # To the end of what is around it.
            size = end - at
        if at + size < content:
            return
        yield Atom(header[4:8], content, at + size)
        at += size


def children(reader: RangedReader, parent: Atom, skip: int = 0) -> Iterator[Atom]:
    """Never longer than their parent."""
    end = min(parent.end, reader.size)
    for child in atoms(reader, parent.start + skip, end):
        yield child._replace(end=min(child.end, end))


def find(reader: RangedReader, parent: Atom | None, *path: bytes) -> Atom | None:
    """The first atom under each name of a path."""
    for name in path:
        if parent is None:
            return None
        skip = full_box_bytes(reader, parent) if parent.name == b"meta" else 0
        parent = next((a for a in children(reader, parent, skip) if a.name == name), None)
    return parent


def full_box_bytes(reader: RangedReader, meta: Atom) -> int:
    """MP4's `meta` begins with version and flags, QuickTime's does not."""
    return 0 if reader.read_at(meta.start + 4, 4) == b"hdlr" else 4


def content(reader: RangedReader, atom: Atom | None, limit: int) -> bytes:
    """Empty where there is no such atom."""
    return reader.read_at(atom.start, min(atom.size, limit)) if atom else b""


def box(name: bytes, body: bytes) -> bytes:
    return (len(body) + 8).to_bytes(4) + name + body
