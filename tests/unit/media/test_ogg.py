import pytest

from djamms.media import ogg_length
from djamms.media.ogg_pages import is_intact, parse
from djamms.media.probe import Probe, probe
from djamms.media.problems import MediaError, Problem
from djamms.media.ranged import BytesSource, RangedReader, ReadBudget
from djamms.media.stream import DurationSource
from tests.support import audio, containers
from tests.support.containers import ogg_page
from tests.support.pictures import cover

LONG = 30
CODECS = {"vorbis": "vorbis", "libopus": "opus", "flac": "flac"}
RATES = {"vorbis": 44_100, "libopus": 48_000, "flac": 44_100}


def reader_of(data: bytes, budget: ReadBudget | None = None) -> RangedReader:
    return RangedReader(BytesSource(data), budget)


def read(data: bytes) -> Probe:
    return probe(reader_of(data), filename="x.mp3")


def problem_of(data: bytes) -> Problem:
    with pytest.raises(MediaError) as raised:
        read(data)
    return raised.value.problem


@pytest.mark.parametrize("codec", CODECS)
def test_reads_every_codec(codec: str) -> None:
    reader = reader_of(audio.ogg({"title": "Sky"}, codec=codec, seconds=LONG))

    stream = probe(reader, filename="x").stream

    assert (stream.format, stream.codec) == ("ogg", CODECS[codec])
    assert (stream.sample_rate_hz, stream.channels) == (RATES[codec], 2)
    assert stream.seconds == pytest.approx(LONG, abs=0.03)
    assert reader.requests <= 4


def test_streams_behind_each_other_are_summed_up() -> None:
    joined = audio.ogg(seconds=10) + audio.ogg(codec="libopus", seconds=7)

    stream = read(joined).stream

    assert stream.seconds == pytest.approx(17, abs=0.05)
    assert (stream.duration_source, stream.warnings) == (DurationSource.FRAMES, ("chained",))


def test_files_joined_under_one_number_are_noticed() -> None:
    assert read(audio.ogg(seconds=10) * 3).stream.seconds == pytest.approx(30, abs=0.1)


def test_a_chain_too_large_to_walk_is_weighed() -> None:
    data = audio.ogg(seconds=20) + audio.ogg(codec="flac", seconds=1) + audio.ogg(seconds=20)
    reader = reader_of(data * 4, ReadBudget(max_bytes=2 * 1024 * 1024))

    stream = probe(reader, filename="x").stream

    assert stream.duration_source is DurationSource.SAMPLED
    assert stream.seconds == pytest.approx(164, rel=0.1)


@pytest.mark.parametrize("codec", CODECS)
def test_a_piece_of_a_broadcast_begins_late(codec: str) -> None:
    data = containers.shift_granules(audio.ogg(codec=codec, seconds=LONG), 10**9)

    assert read(data).stream.seconds == pytest.approx(LONG, abs=7)


def test_a_truncated_file_is_as_long_as_what_is_left() -> None:
    whole = audio.ogg(seconds=LONG)

    assert read(whole[: len(whole) // 2]).stream.seconds == pytest.approx(LONG / 2, rel=0.05)


def test_junk_behind_the_last_page_is_passed_over() -> None:
    whole = audio.ogg(seconds=3)
    lie = ogg_page([b"x"], granule=10**12, serial=parse(whole, 0).serial)  # type: ignore[union-attr]
    damaged = lie[:22] + b"\0\0\0\0" + lie[26:]

    assert read(whole + damaged + b"OggS" + bytes(50_000)).stream.seconds == pytest.approx(
        3, abs=0.1
    )


def test_junk_between_pages_is_passed_over() -> None:
    whole = audio.ogg({"title": "Sky"}, seconds=3)
    second = whole.index(b"OggS", 4)

    probed = read(whole[:second] + bytes(5000) + whole[second:])

    assert probed.tags.title == "Sky"
    assert probed.stream.seconds == pytest.approx(3, abs=0.05)


def test_headers_without_sound_are_no_track() -> None:
    whole = audio.ogg(seconds=1)
    starts = [at for at in range(len(whole)) if whole.startswith(b"OggS", at)]

    assert problem_of(whole[: starts[2]]) is Problem.NO_DURATION


@pytest.mark.parametrize(("packet", "name"), [(b"Speex   1.2", "Speex"), (b"\x80theora", "Theora")])
def test_names_what_it_cannot_use(packet: bytes, name: str) -> None:
    with pytest.raises(MediaError, match=name):
        read(ogg_page([packet], flags=2) + ogg_page([b"data"], granule=99))


def test_an_unknown_stream_is_unreadable() -> None:
    assert problem_of(ogg_page([b"what is this"], flags=2)) is Problem.UNREADABLE


def test_pages_without_end_are_not_followed() -> None:
    head = audio.ogg(seconds=1)[:58]

    assert problem_of(head + ogg_page([]) * 100_000) is Problem.NO_DURATION


@pytest.mark.parametrize("codec", CODECS)
def test_a_cover_among_the_comments(codec: str) -> None:
    picture = cover(size=(900, 900))
    reader = reader_of(audio.ogg({"title": "Sky"}, codec=codec, pictures=[picture]))

    probed = probe(reader, filename="x")

    assert [found.data for found in probed.covers] == [picture]
    assert probed.tags.title == "Sky"


def test_a_cover_of_megabytes_takes_few_requests() -> None:
    picture = cover() + bytes(3_000_000)
    reader = reader_of(audio.ogg({"title": "Sky"}, pictures=[picture]))

    assert probe(reader, filename="x").covers

    assert reader.requests < 15


def test_a_cover_beyond_the_budget_costs_the_tags_only() -> None:
    picture = cover() + bytes(6_000_000)

    probed = read(audio.ogg({"title": "Sky"}, pictures=[picture], seconds=3))

    assert (probed.covers, probed.tags.title) == ((), "x")
    assert probed.warnings == ("tags_too_large",)
    assert probed.stream.seconds == pytest.approx(3, abs=0.05)


def test_checksums_are_those_of_the_standard() -> None:
    page = audio.ogg(seconds=1)[:58]

    assert is_intact(page)
    assert not is_intact(page[:-1] + b"\xff")


def test_an_absurd_length_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ogg_length, "is_intact", lambda data: True)
    whole = audio.ogg(seconds=3)
    last = whole.rindex(b"OggS")
    lying = whole[: last + 6] + (10**14).to_bytes(8, "little") + whole[last + 14 :]

    with pytest.raises(MediaError):
        read(lying)
