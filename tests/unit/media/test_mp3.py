import pytest

from djamms.media import mp3 as mp3_reader
from djamms.media.mp3 import read_mp3_stream
from djamms.media.ranged import BytesSource, RangedReader, ReadBudget
from djamms.media.stream import DurationSource, Stream
from tests.support import audio

LONG = 30
# LAME adds a frame or two of its own delay.
MARGIN = 0.08


def read(data: bytes, budget: ReadBudget | None = None) -> Stream:
    return read_mp3_stream(RangedReader(BytesSource(data), budget))


def test_believes_a_header_that_fits() -> None:
    stream = read(audio.mp3(seconds=LONG, vbr=True))

    assert stream.duration_source is DurationSource.HEADER
    assert stream.seconds == pytest.approx(LONG, abs=MARGIN)
    assert stream.duration_seconds == LONG
    assert not stream.is_constant


def test_tells_rate_and_channels_of_a_constant_bit_rate() -> None:
    stream = read(audio.mp3(seconds=LONG, kbps=192))

    assert (stream.bitrate_kbps, stream.sample_rate_hz, stream.channels) == (192, 44_100, 2)
    assert stream.is_constant


def test_computes_a_constant_bit_rate_without_header() -> None:
    reader = RangedReader(BytesSource(audio.mp3(seconds=LONG, xing=False)))

    stream = read_mp3_stream(reader)

    assert stream.duration_source is DurationSource.CONSTANT_BITRATE
    assert stream.seconds == pytest.approx(LONG, abs=MARGIN)
    assert reader.bytes_read < reader.size


def test_counts_the_frames_of_a_variable_bit_rate_without_header() -> None:
    stream = read(audio.mp3(seconds=LONG, vbr=True, xing=False))

    assert stream.duration_source is DurationSource.FRAMES
    assert stream.seconds == pytest.approx(LONG, abs=MARGIN)
    assert stream.bitrate_kbps == pytest.approx(64, abs=3)


def test_weighs_samples_where_counting_is_too_dear() -> None:
    data = audio.mp3(seconds=120, vbr=True, xing=False)

    stream = read(data, ReadBudget(max_bytes=9 * 64 * 1024))

    assert stream.duration_source is DurationSource.SAMPLED
    assert stream.seconds == pytest.approx(120, rel=0.03)


def test_a_header_of_a_constant_rate_that_counts_other_frames_is_not_believed() -> None:
    data = bytearray(audio.mp3(seconds=LONG))
    at = data.index(b"Info") + 8
    data[at : at + 4] = (500).to_bytes(4)

    stream = read(bytes(data))

    assert stream.seconds == pytest.approx(LONG, abs=0.1)
    assert stream.warnings == ("header_mismatch",)


def test_a_tag_that_claims_the_whole_file_is_no_reason_to_fail() -> None:
    plain = audio.mp3(seconds=3)
    ape = b"APETAGEX" + (2000).to_bytes(4, "little") + (len(plain) + 32).to_bytes(4, "little")

    assert read(plain + ape + bytes(16)).duration_seconds == 3


def test_a_truncated_file_is_as_long_as_what_is_left() -> None:
    whole = audio.mp3(seconds=LONG, vbr=True)

    stream = read(whole[: len(whole) // 2])

    assert stream.seconds == pytest.approx(LONG / 2, rel=0.03)
    assert stream.warnings == ("header_mismatch",)


def test_joined_files_are_as_long_as_both() -> None:
    stream = read(audio.mp3(seconds=LONG) + audio.mp3(seconds=LONG))

    assert stream.seconds == pytest.approx(2 * LONG, rel=0.01)


def test_tags_at_the_end_are_no_sound() -> None:
    plain = audio.mp3(seconds=1, xing=False)
    ape = b"APETAGEX" + (2000).to_bytes(4, "little") + (32_000).to_bytes(4, "little") + bytes(16)
    tagged = plain + bytes(32_000 - 32) + ape + b"TAG" + bytes(125)

    reader = RangedReader(BytesSource(tagged))

    assert mp3_reader.audio_end(reader) == len(plain)


def test_a_short_sound_lasts_a_second() -> None:
    assert read(audio.mp3(seconds=0.1)).duration_seconds == 1
