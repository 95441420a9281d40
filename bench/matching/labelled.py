"""Rows of playlists as other programs write them, each with the track that it means.

Written by hand, before there was a matcher. A third, chosen by a digest of the row, is held back:
nothing is tuned on it, and its figures stand by themselves.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).parent
HELD_BACK_OF = 3


@dataclass(frozen=True, slots=True)
class LibraryTrack:
    number: int
    title: str
    artist: str
    album: str | None
    seconds: int
    isrc: str | None


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """`expected`: the tracks that it may be; none where to accept any would be a mistake."""

    kind: str
    title: str
    artist: str
    album: str
    seconds: int | None
    isrc: str
    expected: frozenset[int]
    held_back: bool


def library() -> list[LibraryTrack]:
    return [
        LibraryTrack(int(number), title, artist, album or None, int(seconds), isrc or None)
        for number, title, artist, album, seconds, isrc in _lines("library.txt")
    ]


def rows() -> list[LabelledRow]:
    return [_row(fields) for fields in _lines("rows.txt")]


def _row(fields: list[str]) -> LabelledRow:
    kind, title, artist, album, seconds, isrc, expected = fields
    digest = sha256("|".join(fields).encode()).digest()
    return LabelledRow(
        kind=kind,
        title=title,
        artist=artist,
        album=album,
        seconds=int(seconds) if seconds else None,
        isrc=isrc,
        expected=frozenset(int(one) for one in expected.split(",") if one != "-"),
        held_back=digest[0] % HELD_BACK_OF == 0,
    )


def _lines(name: str) -> Iterator[list[str]]:
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("|")
