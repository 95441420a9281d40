"""The clock that every function goes by."""

from datetime import UTC, datetime, timedelta

import pytest

from djamms import clock
from djamms.config import config


@pytest.mark.parametrize("seconds", [0, 10_800, -60])
def test_a_laptops_clock_is_moved_by_its_offset(
    monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    monkeypatch.setitem(config.__dict__, "clock_offset_seconds", seconds)

    moved = clock.now() - datetime.now(UTC)

    assert abs(moved - timedelta(seconds=seconds)) < timedelta(seconds=1)
