import pytest

from djamms.media.probe import Probe, probe
from djamms.media.problems import MediaError, Problem
from djamms.media.ranged import BytesSource, RangedReader
from djamms.media.stream import Stream
from tests.support import audio
from tests.support.containers import chunk, info, riff, wave_format
from tests.support.encode import pcm

SECOND = pcm(1, 44_100)
FORMAT = wave_format()
UNKNOWN = 0xFFFF_FFFF


def read(data: bytes) -> Probe:
    return probe(RangedReader(BytesSource(data)), filename="x.mp3")


def stream(data: bytes) -> Stream:
    return read(data).stream


@pytest.mark.parametrize(
    ("codec", "name", "bits"),
    [
        ("pcm_s16le", "pcm", 16),
        ("pcm_s24le", "pcm", 24),
        ("pcm_s32le", "pcm", 32),
        ("pcm_u8", "pcm", 8),
        ("pcm_f32le", "pcm_float", 32),
        ("pcm_f64le", "pcm_float", 64),
        ("pcm_alaw", "pcm_alaw", 8),
        ("pcm_mulaw", "pcm_mulaw", 8),
    ],
)
def test_reads_samples_of_every_kind(codec: str, name: str, bits: int) -> None:
    found = stream(audio.wav(seconds=3, codec=codec))

    assert (found.codec, found.bits_per_sample, found.seconds) == (name, bits, 3)
    assert (found.sample_rate_hz, found.channels) == (44_100, 2)
    assert found.bitrate_kbps == round(44.1 * 2 * bits)


@pytest.mark.parametrize("codec", ["adpcm_ima_wav", "adpcm_ms"])
def test_reads_compressed_samples(codec: str) -> None:
    found = stream(audio.wav(seconds=20, codec=codec))

    assert (found.codec.partition("_")[0], found.bits_per_sample) == ("adpcm", 4)
    assert found.seconds == pytest.approx(20, abs=0.05)


def test_reads_the_extensible_header() -> None:
    guid = (3).to_bytes(2, "little") + bytes.fromhex("000000001000800000AA00389B71")
    extensible = wave_format(tag=0xFFFE, bits=32, extra=b"\x16\0\x20\0\3\0\0\0" + guid)

    assert stream(riff(extensible, chunk(b"data", SECOND * 2))).codec == "pcm_float"


@pytest.mark.parametrize(
    "data",
    [
        audio.encode("wav", "pcm_s16le", seconds=1, muxing=(("rf64", "always"),)),
        riff(FORMAT, chunk(b"data", SECOND, size=0), size=0),
        riff(FORMAT, chunk(b"data", SECOND, size=UNKNOWN), size=UNKNOWN),
        riff(FORMAT, chunk(b"data", SECOND, size=0x7FFF_FFFF)),
        riff(FORMAT, chunk(b"JUNK", bytes(200_001)), chunk(b"data", SECOND)),
        riff(FORMAT, chunk(b"odd ", b"abc")[:-1], chunk(b"data", SECOND)),
        riff(FORMAT, chunk(b"LIST", b"INFO", size=10**9), chunk(b"data", SECOND)),
    ],
    ids=["RF64", "size 0", "size -1", "2 GB", "far away", "no padding", "lost behind a lie"],
)
def test_finds_the_sound_whatever_the_sizes_say(data: bytes) -> None:
    found = read(data)

    assert found.stream.seconds == pytest.approx(1, abs=0.001)
    assert found.warnings == ()


def test_a_truncated_file_is_as_long_as_what_is_left() -> None:
    found = stream(riff(FORMAT, chunk(b"data", SECOND, size=10 * len(SECOND))))

    assert (found.seconds, found.warnings) == (1, ("truncated",))


def test_sound_behind_the_declared_end_counts() -> None:
    found = stream(riff(FORMAT, chunk(b"data", SECOND * 3, size=1000)))

    assert found.seconds == pytest.approx(3, abs=0.01)
    assert found.warnings == ("header_mismatch",)


def test_no_sound_is_no_track() -> None:
    with pytest.raises(MediaError) as raised:
        stream(riff(FORMAT, chunk(b"data", b""), info((b"INAM", b"Sky"))))

    assert raised.value.problem is Problem.NO_DURATION


@pytest.mark.parametrize("missing", [b"fmt ", b"data"])
def test_a_missing_chunk_is_unreadable(missing: bytes) -> None:
    whole = riff(FORMAT, chunk(b"data", SECOND)).replace(missing, b"none")

    with pytest.raises(MediaError) as raised:
        stream(whole)

    assert raised.value.problem is Problem.UNREADABLE


def test_an_unknown_codec_is_named() -> None:
    with pytest.raises(MediaError, match="0x0161"):
        stream(riff(wave_format(tag=0x161), chunk(b"data", SECOND)))


TEXTS = (
    (b"INAM", "Blå tåg".encode()),
    (b"IART", b"Ada;Grace"),
    (b"IPRD", b"Rails"),
    (b"IGNR", b"rock; hip-hop"),
    (b"ICRD", b"2019-05-01"),
    (b"ITRK", b"3/12"),
    (b"IBPM", b"128"),
    (b"ISRC", b"a scanner"),
    (b"ICMT", b"comment"),
)


def test_reads_info_texts() -> None:
    tags = read(audio.wav(seconds=1, texts=TEXTS)).tags

    assert (tags.title, tags.artists, tags.album) == ("Blå tåg", ("Ada", "Grace"), "Rails")
    assert (tags.genres, tags.year, tags.bpm) == (("Rock", "Hip Hop"), 2019, 128)
    assert (tags.track_number, tags.track_total, tags.isrc) == (3, 12, None)
    assert tags.raw["INFO:ICMT"] == ["comment"]


def test_an_id3_chunk_knows_better_than_info() -> None:
    data = audio.wav({"TIT2": "Sky", "TBPM": "90"}, seconds=1, texts=TEXTS)

    tags = read(data).tags

    assert (tags.title, tags.bpm, tags.album) == ("Sky", 90, "Rails")


def test_reads_only_head_and_tail() -> None:
    reader = RangedReader(BytesSource(audio.wav({"TIT2": "Sky"}, seconds=30)))

    assert probe(reader, filename="x").tags.title == "Sky"

    assert (reader.requests, reader.bytes_read < 0.02 * reader.size) == (2, True)
