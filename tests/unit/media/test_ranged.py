import io

import pytest

from djamms.media.ranged import (
    BLOCK_BYTES,
    RESERVED,
    BudgetExceeded,
    BytesSource,
    RangedReader,
    ReadBudget,
)

DATA = bytes(index % 251 for index in range(12 * BLOCK_BYTES + 100))


class BrokenSource(BytesSource):
    def read_range(self, start: int, length: int) -> bytes:
        raise TimeoutError("the storage does not answer")


def test_reads_like_a_file() -> None:
    reader, file = RangedReader(BytesSource(DATA)), io.BytesIO(DATA)

    for offset, whence, size in ((0, 0, 10), (-20, 2, 50), (BLOCK_BYTES - 3, 0, 7), (5, 1, -1)):
        assert reader.seek(offset, whence) == file.seek(offset, whence)
        assert reader.read(size) == file.read(size)
        assert reader.tell() == file.tell()


def test_small_reads_share_one_request() -> None:
    reader = RangedReader(BytesSource(DATA))

    for _ in range(1000):
        reader.read(10)

    assert (reader.requests, reader.bytes_read) == (1, BLOCK_BYTES)


def test_a_long_read_is_one_request() -> None:
    reader = RangedReader(BytesSource(DATA))
    reader.read(1)

    reader.read_at(10, 3 * BLOCK_BYTES)

    assert reader.requests == 2


def test_a_short_last_block_brings_its_neighbour() -> None:
    reader = RangedReader(BytesSource(DATA))

    assert reader.read_at(len(DATA) - 10, 10) == DATA[-10:]
    assert reader.read_at(len(DATA) - BLOCK_BYTES, 10) == DATA[-BLOCK_BYTES:][:10]

    assert reader.requests == 1


def test_reading_nothing_asks_for_nothing() -> None:
    reader = RangedReader(BytesSource(b""))

    assert reader.read() == reader.read(0) == reader.read_at(5, 5) == b""
    assert reader.requests == 0


@pytest.mark.parametrize(
    "budget", [ReadBudget(max_bytes=2 * BLOCK_BYTES), ReadBudget(max_requests=2)]
)
def test_stops_at_its_budget(budget: ReadBudget) -> None:
    reader = RangedReader(BytesSource(DATA), budget)

    reader.read_at(0, 1)
    reader.read_at(2 * BLOCK_BYTES, 1)

    with pytest.raises(BudgetExceeded):
        reader.read_at(4 * BLOCK_BYTES, 1)


def test_remembers_that_the_storage_failed() -> None:
    reader = RangedReader(BrokenSource(DATA))

    with pytest.raises(TimeoutError):
        reader.read(1)

    assert isinstance(reader.failure, TimeoutError)


def test_a_piece_of_the_end_brings_the_rest_of_it() -> None:
    reader = RangedReader(BytesSource(DATA))

    reader.read_at(len(DATA) - 3 * BLOCK_BYTES, 10)
    reader.read_at(len(DATA) - 10, 10)

    assert reader.requests == 1


def test_what_is_optional_leaves_room_for_the_rest() -> None:
    reader = RangedReader(BytesSource(DATA), ReadBudget(max_bytes=RESERVED.max_bytes + 1000))

    with pytest.raises(BudgetExceeded):
        reader.read_optional(0, 2000)

    assert reader.read_at(0, 2000) == DATA[:2000]
