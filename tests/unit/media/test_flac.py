import pytest

from djamms.media.flac_frames import crc8, last_frames
from djamms.media.probe import probe
from djamms.media.problems import MediaError, Problem
from djamms.media.ranged import BytesSource, RangedReader
from djamms.media.stream import DurationSource
from tests.support import audio
from tests.support.pictures import cover

LONG = 20


def reader_of(data: bytes) -> RangedReader:
    return RangedReader(BytesSource(data))


def test_reads_the_header() -> None:
    stream = probe(reader_of(audio.make_flac(seconds=LONG)), filename="x.flac").stream

    assert (stream.seconds, stream.duration_source) == (LONG, DurationSource.HEADER)
    assert (stream.sample_rate_hz, stream.channels, stream.bits_per_sample) == (44_100, 2, 16)
    assert stream.bitrate_kbps == pytest.approx(407, abs=30)


def test_measures_a_streamed_file() -> None:
    reader = reader_of(audio.make_flac(seconds=LONG, total_samples=0))

    stream = probe(reader, filename="x.flac").stream

    assert (stream.seconds, stream.duration_source) == (LONG, DurationSource.FRAMES)
    assert reader.bytes_read < reader.size / 4


def test_the_frames_know_the_sample_rate_better() -> None:
    damaged = bytearray(audio.make_flac(seconds=LONG))
    damaged[18] ^= 0x40

    stream = probe(reader_of(bytes(damaged)), filename="x.flac").stream

    assert (stream.sample_rate_hz, stream.duration_seconds) == (44_100, LONG)
    assert stream.warnings == ("header_mismatch",)


def test_a_truncated_file_is_as_long_as_what_is_left() -> None:
    whole = audio.make_flac(seconds=LONG)

    probed = probe(reader_of(whole[: len(whole) // 2]), filename="x.flac")

    assert probed.stream.seconds == pytest.approx(LONG / 2, rel=0.1)
    assert probed.warnings == ("truncated",)


def test_headers_without_sound_are_no_track() -> None:
    whole = audio.make_flac(seconds=1)
    sound = whole.index(b"\xff\xf8")

    with pytest.raises(MediaError) as raised:
        probe(reader_of(whole[:sound]), filename="x.flac")

    assert raised.value.problem is Problem.NO_DURATION


def test_a_cover_beyond_the_budget_is_left_out() -> None:
    huge = cover() + bytes(9_000_000)
    reader = reader_of(audio.make_flac({"title": "Sky"}, seconds=1, pictures=[huge]))

    probed = probe(reader, filename="x.flac")

    assert (probed.tags.title, probed.covers) == ("Sky", ())
    assert probed.warnings == ("artwork_too_large",)
    assert reader.bytes_read < 1_000_000


def test_damaged_comments_leave_the_sound() -> None:
    whole = audio.make_flac({"title": "Sky"}, seconds=1)
    at = whole.index(b"title=Sky") - 4
    damaged = whole[:at] + b"\xff\xff\xff\x7f" + whole[at + 4 :]

    probed = probe(reader_of(damaged), filename="Plan B.flac")

    assert (probed.stream.seconds, probed.tags.title) == (1, "Plan B")
    assert probed.warnings == ("tags_unreadable",)


def test_comments_before_the_damage_count() -> None:
    whole = audio.make_flac({"title": "Sky", "artist": "Ada"}, seconds=1)
    at = whole.index(b"artist=Ada") - 4

    tags = probe(reader_of(whole[:at] + b"\xff" * 4 + whole[at + 4 :]), filename="x.flac").tags

    assert (tags.title, tags.artist) == ("Sky", "Unknown Artist")


def test_a_damaged_picture_block_leaves_the_rest() -> None:
    whole = audio.make_flac({"title": "Sky"}, seconds=1, pictures=[cover()])
    at = whole.index(b"image/jpeg") - 4

    probed = probe(reader_of(whole[:at] + b"\xff" * 4 + whole[at + 4 :]), filename="x.flac")

    assert (probed.tags.title, probed.covers, probed.stream.seconds) == ("Sky", (), 1)


def test_checksum_is_the_one_of_the_standard() -> None:
    assert crc8(b"123456789") == 0xF4


def test_noise_has_no_frame() -> None:
    assert last_frames(b"\xff\xf8" * 2000) == []
