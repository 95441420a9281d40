"""When a schedule is due: the expressions of EventBridge Scheduler, read in their time zone.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html: a local time that a
change to summer time skips is not due on that day; one that occurs twice is due the first time.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from local.errors import LocalError

MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]  # 1 to 7
LAST_YEAR = 2199
SATURDAY, SUNDAY = 6, 7  # of date.isoweekday()

type Expression = Callable[[datetime], datetime | None]
type DayRule = Callable[[date], bool]


def parse(text: str, timezone: str) -> Expression:
    """A function from an instant to the next one at which the schedule is due; both in UTC."""
    match = re.fullmatch(r"(rate|cron|at)\((.*)\)", text.strip())
    if not match:
        raise LocalError(f"The schedule {text!r} is neither rate(…), cron(…) nor at(…).")
    kind, body = match.groups()
    try:
        zone = ZoneInfo(timezone)
        if kind == "rate":
            return _rate(body)
        return _at(body, zone) if kind == "at" else _Cron.parse(body, zone).next
    except (ValueError, ZoneInfoNotFoundError) as error:
        raise LocalError(f"The schedule {text!r} in {timezone} is malformed: {error}.") from error


def _rate(body: str) -> Expression:
    match = re.fullmatch(r"([1-9]\d*) (minute|hour|day)s?", body.strip())
    if not match:
        raise ValueError("a rate is a number of minutes, hours or days")
    period = timedelta(**{f"{match[2]}s": int(match[1])})
    return lambda after: after + period


def _at(body: str, zone: ZoneInfo) -> Expression:
    instant = datetime.fromisoformat(body.strip()).replace(tzinfo=zone).astimezone(UTC)
    return lambda after: instant if instant > after else None


@dataclass(frozen=True, slots=True)
class _Cron:
    minutes: list[int]
    hours: list[int]
    months: set[int]
    years: set[int]
    is_due_on: DayRule
    zone: ZoneInfo

    @classmethod
    def parse(cls, body: str, zone: ZoneInfo) -> Self:
        fields = body.upper().split()
        if len(fields) != 6:
            raise ValueError("a cron expression has six fields")
        minutes, hours, day, month, weekday, year = fields
        if (day == "?") == (weekday == "?"):
            raise ValueError("either the day of the month or the day of the week is ?")
        return cls(
            sorted(_numbers(minutes, 0, 59)),
            sorted(_numbers(hours, 0, 23)),
            _numbers(month, 1, 12, MONTHS),
            _numbers(year, 1970, LAST_YEAR),
            _day_of_month(day) if weekday == "?" else _day_of_week(weekday),
            zone,
        )

    def next(self, after: datetime) -> datetime | None:
        for day in self._days(after.astimezone(self.zone).date()):
            for hour, minute in product(self.hours, self.minutes):
                instant = self._instant(day, hour, minute)
                if instant is not None and instant > after:
                    return instant
        return None

    def _days(self, day: date) -> Iterator[date]:
        while day.year <= LAST_YEAR:
            if day.year in self.years and day.month in self.months and self.is_due_on(day):
                yield day
            day += timedelta(days=1)

    def _instant(self, day: date, hour: int, minute: int) -> datetime | None:
        """The first occurrence of a local time, None when the clock skips it."""
        local = datetime.combine(day, time(hour, minute), self.zone)
        instant = local.astimezone(UTC)
        exists = instant.astimezone(self.zone).replace(tzinfo=None) == local.replace(tzinfo=None)
        return instant if exists else None


def _numbers(field: str, low: int, high: int, names: Sequence[str] = ()) -> set[int]:
    """What a field of numbers, ranges and steps stands for."""
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, last = _span(span, low, high, names, open_end=bool(step))
        found.update(range(first, last + 1, int(step or 1)))
    return found


def _span(
    span: str, low: int, high: int, names: Sequence[str], *, open_end: bool
) -> tuple[int, int]:
    if span == "*":
        return low, high
    first, _, last = span.partition("-")
    start = _number(first, low, names)
    end = _number(last, low, names) if last else (high if open_end else start)
    if not low <= start <= end <= high:
        raise ValueError(f"{span} is not within {low} to {high}")
    return start, end


def _number(word: str, low: int, names: Sequence[str]) -> int:
    return names.index(word) + low if word in names else int(word)


def _day_of_month(field: str) -> DayRule:
    if field == "L":
        return lambda day: day.day == _length(day)
    if field == "LW":
        return lambda day: day.day == _nearest_weekday(day, _length(day))
    if match := re.fullmatch(r"(\d+)W", field):
        wanted = int(match[1])
        return lambda day: wanted <= _length(day) and day.day == _nearest_weekday(day, wanted)
    numbers = _numbers(field, 1, 31)
    return lambda day: day.day in numbers


def _day_of_week(field: str) -> DayRule:
    if match := re.fullmatch(r"(\w+)#([1-5])", field):
        wanted, occurrence = _numbers(match[1], 1, 7, WEEKDAYS), int(match[2])
        return lambda day: _weekday(day) in wanted and (day.day + 6) // 7 == occurrence
    if match := re.fullmatch(r"([1-7]|[A-Z]{3})L", field):
        wanted = _numbers(match[1], 1, 7, WEEKDAYS)
        return lambda day: _weekday(day) in wanted and day.day > _length(day) - 7
    numbers = _numbers("SAT" if field == "L" else field, 1, 7, WEEKDAYS)
    return lambda day: _weekday(day) in numbers


def _weekday(day: date) -> int:
    return day.isoweekday() % 7 + 1


def _length(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def _nearest_weekday(month: date, wanted: int) -> int:
    """The weekday nearest to a day, within its month."""
    weekday = month.replace(day=wanted).isoweekday()
    if weekday == SATURDAY:
        return wanted - 1 if wanted > 1 else wanted + 2
    if weekday == SUNDAY:
        return wanted + 1 if wanted < _length(month) else wanted - 2
    return wanted
