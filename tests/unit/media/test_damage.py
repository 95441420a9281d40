"""Whatever happens to a file's bytes, reading ends in a track or in a reason."""

import json
import random

import pytest

from djamms.media.probe import probe
from djamms.media.problems import MediaError
from djamms.media.ranged import BytesSource, RangedReader
from tests.support import audio
from tests.support.damage import DAMAGE, FILES, ID3, Damage


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_ends_in_a_track_or_a_reason(name: str, damage: Damage) -> None:
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
