import pytest

from djamms.media import mp4_fragments
from djamms.media.probe import Probe, probe
from djamms.media.problems import MediaError, Problem
from djamms.media.ranged import BytesSource, RangedReader
from djamms.media.stream import DurationSource
from tests.support import audio
from tests.support.containers import box, boxes
from tests.support.encode import encode
from tests.support.pictures import cover

LONG = 30


def reader_of(data: bytes) -> RangedReader:
    return RangedReader(BytesSource(data))


def read(data: bytes) -> Probe:
    return probe(reader_of(data), filename="x.mp3")


def problem_of(data: bytes) -> Problem:
    with pytest.raises(MediaError) as raised:
        read(data)
    return raised.value.problem


@pytest.mark.parametrize("moov_first", [False, True], ids=["index last", "index first"])
def test_reads_aac(moov_first: bool) -> None:
    stream = read(audio.m4a(seconds=LONG, moov_first=moov_first)).stream

    assert (stream.codec, stream.sample_rate_hz, stream.channels) == ("aac", 44_100, 2)
    assert stream.seconds == pytest.approx(LONG, abs=0.05)
    assert stream.bitrate_kbps == pytest.approx(128, abs=6)


@pytest.mark.parametrize(
    ("codec", "name"),
    [("alac", "alac"), ("flac", "flac"), ("libopus", "opus"), ("libmp3lame", "mp3")],
)
def test_reads_what_else_mp4_holds(codec: str, name: str) -> None:
    stream = read(encode("mp4", codec, seconds=3, rate=48_000)).stream

    assert (stream.format, stream.codec) == ("m4a", name)
    assert stream.seconds == pytest.approx(3, abs=0.05)


@pytest.mark.parametrize("allowed", [1, 100], ids=["from the tail", "all of them"])
def test_measures_fragments(allowed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mp4_fragments, "MAX_WALK_REQUESTS", allowed)

    stream = read(audio.m4a(seconds=LONG, fragmented=True)).stream

    assert stream.duration_source is DurationSource.FRAMES
    assert stream.seconds == pytest.approx(LONG, abs=0.05)


def test_fragments_from_the_middle_of_a_broadcast() -> None:
    """The index and the last half of the fragments."""
    parts = list(boxes(audio.m4a(seconds=LONG, fragmented=True)))
    heads = [atom for name, atom in parts if name in (b"ftyp", b"moov")]
    rest = [atom for name, atom in parts if name in (b"moof", b"mdat")]

    stream = read(b"".join(heads + rest[len(rest) // 2 :])).stream

    assert stream.seconds == pytest.approx(LONG / 2, abs=1)


def overwrite(data: bytes, name: bytes, at: int, value: bytes) -> bytes:
    """Within the content of the first atom of a name."""
    start = data.index(name) + 4 + at
    return data[:start] + value + data[start + len(value) :]


def test_the_sum_of_the_samples_knows_better_than_the_header() -> None:
    lying = overwrite(audio.m4a(seconds=3), b"mdhd", 16, (10**9).to_bytes(4))

    assert read(lying).stream.seconds == pytest.approx(3, abs=0.05)


def test_the_header_helps_where_the_table_makes_no_sense() -> None:
    lying = overwrite(audio.m4a(seconds=3), b"stts", 8, b"\x7f\xff\xff\xff")

    assert read(lying).stream.seconds == pytest.approx(3, abs=0.05)


def test_a_truncated_file_is_as_long_as_what_is_left() -> None:
    whole = audio.m4a(seconds=LONG, moov_first=True)

    stream = read(whole[: len(whole) // 2]).stream

    assert stream.seconds == pytest.approx(LONG / 2, rel=0.05)
    assert stream.warnings == ("truncated",)


def test_a_cut_index_is_unreadable() -> None:
    assert problem_of(audio.m4a(seconds=3)[:40_000]) is Problem.UNREADABLE


def test_headers_without_sound_are_no_track() -> None:
    whole = audio.m4a(seconds=1, moov_first=True)

    assert problem_of(whole[: whole.index(b"mdat") - 4]) is Problem.NO_DURATION


@pytest.mark.parametrize("name", [b"drms", b"enca"])
def test_protected_sound_is_refused_by_name(name: bytes) -> None:
    assert problem_of(audio.m4a(seconds=1).replace(b"mp4a", name)) is Problem.PROTECTED


def test_an_unknown_codec_is_named() -> None:
    with pytest.raises(MediaError, match="ac-3"):
        read(audio.m4a(seconds=1).replace(b"mp4a", b"ac-3"))


def test_pictures_without_sound_are_not_audio() -> None:
    assert problem_of(audio.m4a(seconds=1).replace(b"soun", b"vide")) is Problem.NOT_AUDIO


def test_reads_free_forms_and_their_many_values() -> None:
    free = "----:com.apple.iTunes:"
    tags = read(
        audio.m4a(
            {
                "\xa9nam": "Sky",
                "\xa9ART": ["Ada", "Grace"],
                f"{free}LABEL": [b"One", "Zwölf".encode()],
                f"{free}initialkey": b"C# minor",
                f"{free}ISRC": b"USS1Z9900001",
            }
        )
    ).tags

    assert (tags.artists, tags.label) == (("Ada", "Grace"), "One, Zwölf")
    assert (tags.key, tags.isrc) == ("C#m", "USS1Z9900001")
    assert tags.raw[f"{free}LABEL"] == ["One", "Zwölf"]


@pytest.mark.parametrize(("rating", "explicit"), [(0, False), (1, True), (2, False), (4, True)])
def test_advisory(rating: int, explicit: bool) -> None:
    assert read(audio.m4a({"\xa9nam": "x", "rtng": [rating]})).tags.explicit is explicit


def test_a_bad_atom_costs_itself_only() -> None:
    whole = audio.m4a({"\xa9nam": "Sky", "\xa9alb": "Rails", "tmpo": [128]})
    at = whole.index(b"\xa9alb") + 4
    damaged = whole[:at] + b"\xff" * 8 + whole[at + 8 :]

    tags = read(damaged).tags

    assert (tags.title, tags.album, tags.bpm) == ("Sky", None, 128)


def test_a_genre_by_number() -> None:
    data = box(b"gnre", box(b"data", bytes(8) + (9).to_bytes(2)))
    whole = audio.m4a({"\xa9too": "x" * (len(data) - 24)})
    at = whole.index(b"\xa9too") - 4

    assert read(whole[:at] + data + whole[at + len(data) :]).tags.genre == "Jazz"


def test_other_text_encodings() -> None:
    whole = audio.m4a({"\xa9nam": "abcdef", "\xa9alb": "ghij"})
    for old, new, kind in (
        (b"abcdef", "Блю".encode("utf-16-be"), 2),
        (b"ghij", "東京".encode("cp932"), 3),
    ):
        at = whole.index(old)
        whole = whole[: at - 5] + bytes([kind]) + bytes(4) + new + whole[at + len(old) :]

    assert (read(whole).tags.title, read(whole).tags.album) == ("Блю", "東京")


def test_quicktime_texts() -> None:
    whole = audio.m4a(seconds=1)
    text = box(b"\xa9nam", b"\0\3\0\0Sky")
    old = next(atom for name, atom in boxes(whole) if name == b"moov")

    assert read(whole.replace(old, box(b"moov", old[8:], box(b"udta", text)))).tags.title == "Sky"


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_the_first_cover_is_the_front(kind: str) -> None:
    front, other = cover(kind), cover(hue=0.9)

    covers = read(audio.m4a({"\xa9nam": "x"}, covers=[(front, kind), (other, "JPEG")])).covers

    assert [picture.data for picture in covers] == [front, other]


def test_a_cover_beyond_the_budget_is_left_out() -> None:
    huge = cover() + bytes(9_000_000)
    reader = reader_of(audio.m4a({"\xa9nam": "Sky"}, covers=[(huge, "JPEG")]))

    probed = probe(reader, filename="x")

    assert (probed.tags.title, probed.covers) == ("Sky", ())
    assert probed.warnings == ("artwork_too_large",)
    assert reader.bytes_read < 1_000_000


def test_atoms_in_atoms_in_atoms_are_not_followed() -> None:
    deep = b""
    for _ in range(20_000):
        deep = (len(deep) + 8).to_bytes(4) + b"moov" + deep[:100_000]

    assert problem_of(box(b"ftyp", b"M4A ") + deep) is Problem.UNREADABLE


def test_the_index_at_the_end_costs_two_requests() -> None:
    reader = reader_of(audio.m4a({"\xa9nam": "Sky"}, seconds=60))

    assert probe(reader, filename="x").tags.title == "Sky"

    assert reader.requests == 2
    assert reader.bytes_read < 0.05 * reader.size
