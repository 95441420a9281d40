"""Time, in UTC and in one place, so that a test can move it, and a laptop that of all functions."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from djamms.config import config


def _machine() -> datetime:
    moment = datetime.now(UTC)
    offset = config.clock_offset_seconds
    return moment + timedelta(seconds=offset) if offset else moment


_now: Callable[[], datetime] = _machine


def now() -> datetime:
    return _now()


def set_clock(source: Callable[[], datetime] | None) -> None:
    """Replace the clock (tests), or restore the real one with None."""
    global _now
    _now = source or _machine
