"""Time, in UTC and in one place, so that a test can move it."""

from collections.abc import Callable
from datetime import UTC, datetime

_now: Callable[[], datetime] = lambda: datetime.now(UTC)  # noqa: E731


def now() -> datetime:
    return _now()


def set_clock(source: Callable[[], datetime] | None) -> None:
    """Replace the clock (tests), or restore the real one with None."""
    global _now
    _now = source or (lambda: datetime.now(UTC))
