"""Small files of every kind, and ways to damage them. The same dice give the same bytes."""

import random
from collections.abc import Callable

from tests.support import audio
from tests.support.pictures import cover

type Damage = Callable[[bytearray, random.Random], None]

SMALL_COVER = cover(size=(64, 64))
ID3: audio.Tags = {"TIT2": "A", "TPE1": ["B", "C"], "TCON": "17", "TDRC": "2001", "TRCK": "1/2"}
FILES = {
    "mp3": audio.mp3(ID3, seconds=1, pictures=[SMALL_COVER]),
    "mp3 with id3v2.3": audio.mp3(ID3, seconds=1, version=3, encoding=1),
    "mp3 with id3v1": audio.mp3(ID3, seconds=1, v1_only=True),
    "mp3 without header": audio.mp3(seconds=1, vbr=True, xing=False),
    "flac": audio.make_flac(
        {"title": "x", "artist": ["a", "b"]}, seconds=1, pictures=[SMALL_COVER]
    ),
}


def scatter(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.randrange(1, 30)):
        data[dice.randrange(min(len(data), 3000))] = dice.randrange(256)


def truncate(data: bytearray, dice: random.Random) -> None:
    del data[dice.randrange(len(data)) :]


def remove(data: bytearray, dice: random.Random) -> None:
    start = dice.randrange(len(data))
    del data[start : start + dice.randrange(5000)]


def insert(data: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(data))
    data[at:at] = dice.randbytes(dice.randrange(3000))


def exaggerate(data: bytearray, dice: random.Random) -> None:
    at = dice.randrange(min(len(data), 1000))
    data[at : at + 4] = dice.choice((b"\xff\xff\xff\xff", b"\x7f\x7f\x7f\x7f", bytes(4)))


DAMAGE: tuple[Damage, ...] = (
    scatter,
    truncate,
    remove,
    insert,
    exaggerate,
)
