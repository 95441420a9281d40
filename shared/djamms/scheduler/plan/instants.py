"""Wall-clock times to instants, by the rules of RFC 5545, 3.3.5: a time that a clock change leaves
out is read with the offset before it, a time that comes twice is the first.

An instant is a number of seconds since 1970 in UTC; a date is its ordinal (`date.toordinal`), a
time of day its minutes since midnight. Numbers, because a plan asks for thousands of them.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from djamms.scheduler.plan.zones import DAY_SECONDS, Instant, clock

__all__ = ["DAY_MINUTES", "DAY_SECONDS", "Day", "Instant", "day_of", "instant_at", "instant_of"]
__all__ += ["midnight", "moment_of", "steady_offset", "weekday"]

type Day = int

DAY_MINUTES = 1440
_FIRST_DAY = date(1970, 1, 1).toordinal()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instant_of(moment: datetime) -> Instant:
    return int(moment.timestamp())


def moment_of(instant: Instant) -> datetime:
    return _EPOCH + timedelta(seconds=instant)


def day_of(instant: Instant) -> Day:
    """The date in UTC."""
    return instant // DAY_SECONDS + _FIRST_DAY


def weekday(day: Day) -> int:
    """0 is Monday."""
    return (day - 1) % 7


def midnight(day: Day) -> Instant:
    """In UTC."""
    return (day - _FIRST_DAY) * DAY_SECONDS


@lru_cache(maxsize=65_536)
def steady_offset(zone: str, day: Day) -> int | None:
    """Seconds that the zone is ahead of UTC all that day and the next; None where it changes."""
    offset = _offset(zone, day)
    is_steady = offset == _offset(zone, day + 1) == _offset(zone, day + 2)
    return offset if is_steady else None


@lru_cache(maxsize=65_536)
def instant_at(zone: str, day: Day, minute: int) -> Instant:
    """`minute` is 0 to 1439 on that day's clocks."""
    wall = time(minute // 60, minute % 60)
    # fold=0 is the offset before a gap, and the first of two.
    return instant_of(datetime.combine(date.fromordinal(day), wall, clock(zone)))


def _offset(zone: str, day: Day) -> int:
    return midnight(day) - instant_at(zone, day, 0)
