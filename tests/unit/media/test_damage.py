"""Whatever happens to a file's bytes, reading ends in a track or in a reason."""

import json
import random
from collections.abc import Callable

import pytest

from djamms.media.probe import probe
from djamms.media.problems import MediaError
from djamms.media.ranged import BytesSource, RangedReader
from tests.support import audio
from tests.support.pictures import cover

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


DAMAGE: tuple[Callable[[bytearray, random.Random], None], ...] = (
    scatter,
    truncate,
    remove,
    insert,
    exaggerate,
)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_ends_in_a_track_or_a_reason(
    name: str, damage: Callable[[bytearray, random.Random], None]
) -> None:
    dice = random.Random(f"{name} {damage.__name__}")
    for _ in range(40):
        data = bytearray(FILES[name])
        damage(data, dice)
        try:
            probed = probe(RangedReader(BytesSource(bytes(data))), filename="x.mp3")
        except MediaError:
            continue
        assert 1 <= probed.stream.duration_seconds < 60
        assert probed.tags.title
        assert probed.tags.artist
        assert "\\u0000" not in json.dumps(probed.tags.raw)


def test_trouble_of_the_storage_is_not_the_file_s() -> None:
    class Flaky(BytesSource):
        def read_range(self, start: int, length: int) -> bytes:
            if start:
                raise ConnectionError("reset")
            return super().read_range(start, length)

    data = audio.mp3(ID3, seconds=20)
    with pytest.raises(ConnectionError):
        probe(RangedReader(Flaky(data)), filename="x.mp3")
