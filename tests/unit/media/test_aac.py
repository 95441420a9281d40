import random

import pytest

from djamms.media.adts import decode
from djamms.media.probe import probe
from djamms.media.ranged import BytesSource, RangedReader, ReadBudget
from djamms.media.stream import DurationSource, Stream
from djamms.media.walk import Frame
from tests.support import audio, containers
from tests.support.tagged import tag_ape

SECONDS_A_FRAME = 1024 / 44_100


def read(data: bytes, budget: ReadBudget | None = None) -> tuple[Stream, RangedReader]:
    reader = RangedReader(BytesSource(data), budget)
    return probe(reader, filename="x.mp3").stream, reader


@pytest.mark.parametrize(
    ("head", "frame"),
    [
        ("fff15080043ffc", Frame(33, 1024, 44_100, 0, 2)),
        ("fff94c4003fffc", Frame(31, 1024, 48_000, 0, 1)),
        ("fff15c80043fff", Frame(33, 4096, 22_050, 0, 2)),
    ],
)
def test_reads_a_header(head: str, frame: Frame) -> None:
    assert decode(int(head, 16)) == frame


@pytest.mark.parametrize(
    "head",
    ["fff35080043ffc", "fff17c80043ffc", "ffe15080043ffc", "fff15080001ffc"],
    ids=["layer", "no rate", "no sync", "no size"],
)
def test_refuses_what_is_no_header(head: str) -> None:
    assert decode(int(head, 16)) is None


def test_a_varying_stream_is_walked() -> None:
    stream, _ = read(audio.adts(seconds=60))

    assert (stream.codec, stream.duration_source) == ("aac", DurationSource.FRAMES)
    assert stream.seconds == pytest.approx(60, abs=0.06)
    assert (stream.sample_rate_hz, stream.channels) == (44_100, 2)


def steady(count: int) -> bytes:
    """Sizes as an encoder of one bit rate has them."""
    dice = random.Random(3)
    return containers.adts([371 + dice.randrange(-40, 41) for _ in range(count)])


def test_a_steady_stream_is_sampled() -> None:
    stream, reader = read(steady(12_000))

    assert stream.duration_source is DurationSource.SAMPLED
    assert stream.seconds == pytest.approx(12_000 * SECONDS_A_FRAME, rel=0.01)
    assert reader.bytes_read < 0.05 * reader.size


def test_what_is_too_large_to_walk_is_sampled() -> None:
    data = audio.adts(seconds=10) * 30

    stream, _ = read(data, ReadBudget(max_bytes=2 * 1024 * 1024))

    assert stream.duration_source is DurationSource.SAMPLED
    assert stream.seconds == pytest.approx(300, rel=0.05)


def test_tags_around_the_stream_are_no_sound() -> None:
    tagged = tag_ape(audio.adts({"TIT2": "Sky"}, seconds=3), {"Artist": "Ada"})
    tagged += b"TAG" + b"x" * 125

    probed = probe(RangedReader(BytesSource(tagged)), filename="x")

    assert probed.stream.seconds == pytest.approx(3, abs=0.06)
    assert (probed.tags.title, probed.tags.artist) == ("Sky", "Ada")
