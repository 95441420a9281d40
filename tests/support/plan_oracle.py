"""What plays, minute by minute, by the text of the rules: slow, and shares nothing with the plan.

It walks the minutes of UTC and reads each zone's wall clock at every one. A wall-clock time is the
first minute at which the clock shows it; one that is left out lies as long after the last minute
before the jump as its clock would have gone on.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from importlib import resources
from typing import NamedTuple
from zoneinfo import ZoneInfo

from djamms.scheduler.plan.contenders import Entry

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


class Answer(NamedTuple):
    """The ids of who is due, the winner first."""

    due: tuple[str, ...]
    rule: str


class Clock:
    """A zone's wall clock over some days, as it would be seen in UTC's minutes."""

    def __init__(self, zone: str, from_: datetime, until: datetime) -> None:
        self._first: dict[datetime, datetime] = {}
        self._jumps: list[tuple[datetime, datetime, datetime]] = []
        before = None
        for moment in minutes(from_, until):
            shown = moment.astimezone(zone_of(zone)).replace(tzinfo=None)
            self._first.setdefault(shown, moment)
            if before is not None and shown > before + MINUTE:
                self._jumps.append((before, shown, moment - MINUTE))
            before = shown

    def read(self, day: date, minute: int) -> datetime:
        shown = datetime.combine(day, time(minute // 60, minute % 60))
        if shown in self._first:
            return self._first[shown]
        last, moment = next((low, at) for low, high, at in self._jumps if low < shown < high)
        return moment + (shown - last)


class Oracle:
    """Of [from_, until). Both are whole minutes in UTC."""

    def __init__(self, entries: Iterable[Entry], from_: datetime, until: datetime) -> None:
        self.minutes = list(minutes(from_, until))
        self._due: list[list[Entry]] = [[] for _ in self.minutes]
        for entry in sorted(entries, key=order):
            for number in self._numbers(entry):
                self._due[number].append(entry)

    def _numbers(self, entry: Entry) -> Iterator[int]:
        found: set[int] = set()
        from_, until = self.minutes[0], self.minutes[-1] + MINUTE
        clock = clock_of(entry.zone, from_ - 4 * DAY, until + 4 * DAY)
        day = from_.date() - 2 * DAY
        while day <= until.date() + DAY:
            if is_on(entry, day):
                ends_on = day + DAY if entry.end <= entry.start else day
                start, end = clock.read(day, entry.start), clock.read(ends_on, entry.end)
                found |= set(
                    range(bisect_left(self.minutes, start), bisect_left(self.minutes, end))
                )
            day += DAY
        return iter(found)

    def due(self) -> list[list[Entry]]:
        """By minute, the winner first."""
        return self._due

    def answers(self) -> list[Answer]:
        return [Answer(tuple(str(one.id) for one in due), why(due)) for due in self._due]


def minutes(from_: datetime, until: datetime) -> Iterator[datetime]:
    while from_ < until:
        yield from_
        from_ += MINUTE


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo:
    with (resources.files("tzdata.zoneinfo") / name).open("rb") as file:
        return ZoneInfo.from_file(file)


@lru_cache(maxsize=64)
def clock_of(zone: str, from_: datetime, until: datetime) -> Clock:
    return Clock(zone, from_, until)


def is_on(entry: Entry, day: date) -> bool:
    number = day.toordinal()
    if number in entry.except_dates:
        return False
    if entry.dates:
        return number in entry.dates
    return (
        bool(entry.weekdays & (1 << day.weekday()))
        and (entry.first is None or entry.first <= number)
        and (entry.last is None or number <= entry.last)
    )


def order(entry: Entry) -> tuple[bool, int, int, int, int, float, str]:
    """One-off, higher priority, shorter, of fewer days, of fewer weekdays, newer, smaller id."""
    length = entry.end - entry.start
    if length <= 0:
        length += 24 * 60
    if entry.dates:
        days = len(entry.dates)
    elif entry.first is None or entry.last is None:
        days = 10**9
    else:
        days = entry.last - entry.first + 1
    weekdays = sum(entry.weekdays >> n & 1 for n in range(7))
    is_weekly = not entry.dates
    return is_weekly, -entry.priority, length, days, weekdays, -entry.created_at, str(entry.id)


NAMES = (
    "oneOff",
    "higherPriority",
    "narrower",
    "narrower",
    "narrower",
    "newer",
    "identifier",
)


def why(due: Sequence[Entry]) -> str:
    if not due:
        return "default"
    return "only" if len(due) == 1 else between(due[0], due[1])


def between(winner: Entry, loser: Entry) -> str:
    pairs = zip(NAMES, order(winner), order(loser), strict=True)
    return next(name for name, ours, theirs in pairs if ours != theirs)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]
