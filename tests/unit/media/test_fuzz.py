"""Whatever happens to a file's bytes, reading ends in a track that can be stored or in a reason."""

import random

import pytest

from djamms.media.probe import probe
from djamms.media.ranged import BytesSource, RangedReader
from tests.fuzz.check import Broken, check_row, read
from tests.fuzz.mutations import MUTATIONS, Mutation
from tests.fuzz.run import Figures, cases
from tests.fuzz.seeds import ID3, seeds
from tests.support import audio

COUNT = 160


@pytest.mark.parametrize("name", seeds())
def test_ends_in_a_track_or_a_reason(name: str) -> None:
    figures = Figures()

    for case in cases(COUNT, only=name):
        figures.run(case)

    assert [f"{case.title}\n{trace}" for case, trace in figures.broken] == []
    assert figures.outcomes.total() == COUNT
    # Neither are all refused, nor does damage go unnoticed.
    assert figures.outcomes["track"] > COUNT / 5


@pytest.mark.parametrize("name", seeds())
def test_an_undamaged_file_is_a_track(name: str) -> None:
    reading = read(seeds()[name])

    assert reading.track is not None
    assert reading.track.raw_metadata["audio"]["format"] == name.split()[0]


def test_the_same_numbers_give_the_same_files() -> None:
    assert list(cases(60)) == list(cases(60))
    assert list(cases(60, seed=1)) != list(cases(60))


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_every_mutation_damages_something(mutation: Mutation) -> None:
    changed = 0
    for name, data in seeds().items():
        damaged = bytearray(data)
        mutation(damaged, random.Random(name))
        changed += bytes(damaged) != data
    assert changed >= 3


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("title", "nul\0"),
        ("title", "x" * 256),
        ("artist", "half \ud800"),
        ("duration_seconds", 2**31),
        ("track_number", 2**15),
        ("bpm", float("inf")),
        ("bitrate_kbps", 10**10),
        ("raw_metadata", {"tags": {"x": ["\0"]}}),
        ("raw_metadata", {"bpm": float("nan")}),
        ("title", None),
    ],
)
def test_the_check_sees_what_a_database_would_refuse(column: str, value: object) -> None:
    track = read(seeds()["flac"]).track
    assert track is not None
    setattr(track, column, value)

    with pytest.raises((Broken, ValueError)):
        check_row(track)


def test_trouble_of_the_storage_is_not_the_file_s() -> None:
    class Flaky(BytesSource):
        def read_range(self, start: int, length: int) -> bytes:
            if start:
                raise ConnectionError("reset")
            return super().read_range(start, length)

    data = audio.mp3(ID3, seconds=20)
    with pytest.raises(ConnectionError):
        probe(RangedReader(Flaky(data)), filename="x.mp3")
