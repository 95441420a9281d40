import pytest

from djamms.media.formats import AudioFormat, sniff
from djamms.media.problems import MediaError, Problem
from djamms.media.ranged import BytesSource, RangedReader
from tests.support import audio
from tests.support.containers import adts, box, riff
from tests.support.pictures import cover

ID3_OF_TEN = b"ID3\x04\x00\x00\x00\x00\x00\x0a" + bytes(10)
PLAIN_MP3 = audio.mp3(seconds=1)
PLAIN_AAC = audio.adts(seconds=1)
MADE = {
    AudioFormat.FLAC: audio.make_flac(seconds=1),
    AudioFormat.WAV: audio.wav(seconds=1),
    AudioFormat.M4A: audio.m4a(seconds=1),
    AudioFormat.AAC: PLAIN_AAC,
    AudioFormat.OGG: audio.ogg(seconds=1),
}


def kind_of(data: bytes) -> AudioFormat:
    return sniff(RangedReader(BytesSource(data)))


def problem_of(data: bytes) -> Problem:
    with pytest.raises(MediaError) as raised:
        kind_of(data)
    return raised.value.problem


@pytest.mark.parametrize(
    "data",
    [
        PLAIN_MP3,
        audio.mp3(seconds=1, xing=False),
        audio.mp3({"TIT2": "x"}, seconds=1),
        ID3_OF_TEN + ID3_OF_TEN + PLAIN_MP3,
        ID3_OF_TEN + bytes(100_000) + PLAIN_MP3,
        bytes(5000) + PLAIN_MP3,
        PLAIN_MP3[:1200],
        PLAIN_MP3 + PLAIN_AAC,
    ],
    ids=["plain", "bare", "tagged", "two tags", "tag too short", "zeros", "three frames", "AAC"],
)
def test_recognises_mp3(data: bytes) -> None:
    assert kind_of(data) is AudioFormat.MP3


@pytest.mark.parametrize("prefix", [b"", ID3_OF_TEN], ids=["plain", "behind ID3v2"])
@pytest.mark.parametrize("kind", MADE)
def test_recognises_every_format(kind: AudioFormat, prefix: bytes) -> None:
    assert kind_of(prefix + MADE[kind]) is kind


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (riff(name=b"RF64"), AudioFormat.WAV),
        (riff(name=b"BW64"), AudioFormat.WAV),
        (box(b"styp", b"msdh") + box(b"moov"), AudioFormat.M4A),
        (box(b"moov", bytes(9)), AudioFormat.M4A),
        (audio.ogg(codec="libopus", seconds=1), AudioFormat.OGG),
        (bytes(3000) + PLAIN_AAC, AudioFormat.AAC),
        (adts([300] * 5), AudioFormat.AAC),
        (PLAIN_AAC + PLAIN_MP3, AudioFormat.AAC),
    ],
    ids=["RF64", "BW64", "styp", "no ftyp", "Opus", "zeros", "five frames", "MP3 behind AAC"],
)
def test_recognises_variants(data: bytes, kind: AudioFormat) -> None:
    assert kind_of(data) is kind


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (audio.encode("aiff", "pcm_s16be", seconds=1), "AIFF"),
        (audio.encode("asf", "wmav2", seconds=1, kbps=128), "WMA"),
        (audio.encode("matroska", "flac", seconds=1), "Matroska"),
        (audio.encode("caf", "pcm_s16be", seconds=1), "CAF"),
        (audio.encode("mp2", "mp2", seconds=1), "MP2"),
        (ID3_OF_TEN + audio.encode("mp2", "mp2", seconds=1), "MP2"),
        (audio.encode("w64", "pcm_s16le", seconds=1), "Wave64"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_names_audio_that_it_cannot_use(data: bytes, name: str) -> None:
    with pytest.raises(MediaError, match=name) as raised:
        kind_of(data)

    assert raised.value.problem is Problem.UNSUPPORTED_FORMAT


@pytest.mark.parametrize(
    "data",
    [
        b"these are only words, whatever the name says\n" * 2000,
        cover(),
        cover("PNG"),
        cover("WEBP"),
        b"%PDF-1.7\n" + bytes(9000),
        b"PK\x03\x04" + bytes(9000),
        b"\xff\xfb",
        b"\xff" * 70_000,
        bytes(70_000),
    ],
    ids=["text", "jpeg", "png", "riff of webp", "pdf", "zip", "two bytes", "ones", "zeros"],
)
def test_refuses_what_is_not_audio(data: bytes) -> None:
    assert problem_of(data) is Problem.NOT_AUDIO


def test_refuses_an_empty_file() -> None:
    assert problem_of(b"") is Problem.EMPTY_FILE


def test_tags_without_audio_are_unreadable() -> None:
    assert problem_of(audio.mp3({"TIT2": "x"}, pictures=[cover()])[:5000]) is Problem.UNREADABLE
