"""When contenders are due, as plain numbers: what a plan asks for thousands of times."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from djamms.scheduler.plan.contenders import FOREVER, Entry
from djamms.scheduler.plan.instants import (
    DAY_MINUTES,
    Day,
    Instant,
    day_of,
    instant_at,
    midnight,
    steady_offset,
    weekday,
)

# From UTC to the clocks that are furthest behind, and ahead.
BEHIND, AHEAD = 12 * 3600, 14 * 3600

# Start, end and place among the contenders, of which the smaller wins.
type Occurrence = tuple[Instant, Instant, int]
# Place; start and end in seconds after midnight; first and last date.
type Weekly = tuple[int, int, int, Day, Day]
type Dated = tuple[int, int, int, frozenset[Day]]


@dataclass(slots=True)
class ZoneTable:
    """The entries of one zone, each list in the order in which they win."""

    zone: str
    weekly: list[list[Weekly]] = field(default_factory=lambda: [[] for _ in range(7)])
    dated: list[Dated] = field(default_factory=list)
    excepted: list[tuple[int, frozenset[Day]]] = field(default_factory=list)
    best: int = FOREVER
    first: Day = FOREVER
    last: Day = 0

    def add(self, place: int, entry: Entry) -> None:
        self.best = min(self.best, place)
        start, end = entry.start * 60, (entry.start + entry.length) * 60
        if entry.dates:
            self.dated.append((place, start, end, entry.dates - entry.except_dates))
            return
        first, last = entry.first or 0, entry.last or FOREVER
        self.first, self.last = min(self.first, first), max(self.last, last)
        for number in range(7):
            if entry.weekdays >> number & 1:
                self.weekly[number].append((place, start, end, first, last))
        if entry.except_dates:
            self.excepted.append((place, entry.except_dates))

    def occurrences(self, from_: Instant, until: Instant, limit: int) -> Iterator[list[Occurrence]]:
        """By date, those that overlap [from_, until) of the places before the limit."""
        days = range(day_of(from_ - BEHIND) - 1, day_of(until + AHEAD) + 1)
        dated = self._dated_in(days, limit)
        if not dated and (self.first >= days.stop or self.last < days.start):
            return
        for day in days:
            rows = self._on(day, dated, limit)
            if rows:
                yield timed(self.zone, day, rows, from_, until)

    def _dated_in(self, days: range, limit: int) -> list[Dated]:
        if not self.dated:
            return []
        wanted = set(days)
        ahead = self.dated[: bisect_left(self.dated, (limit,))]
        return [row for row in ahead if not row[3].isdisjoint(wanted)]

    def _on(self, day: Day, dated: Sequence[Dated], limit: int) -> list[tuple[int, int, int]]:
        weekly = self.weekly[weekday(day)]
        ahead = weekly[: bisect_left(weekly, (limit,))]
        rows = [(p, start, end) for p, start, end, first, last in ahead if first <= day <= last]
        if self.excepted and rows:
            off = {place for place, dates in self.excepted if day in dates}
            rows = [row for row in rows if row[0] not in off]
        rows += [(p, start, end) for p, start, end, dates in dated if day in dates]
        return rows


def timed(
    zone: str, day: Day, rows: Iterable[tuple[int, int, int]], from_: Instant, until: Instant
) -> list[Occurrence]:
    """Of the rows of a date, those that overlap [from_, until)."""
    offset = steady_offset(zone, day)
    if offset is not None:
        base = midnight(day) - offset
        low, high = from_ - base, until - base
        return [(base + s, base + e, p) for p, s, e in rows if s < high and e > low]
    exact = [(at(zone, day, s), at(zone, day, e), p) for p, s, e in rows]
    # One that a clock change turns round (02:30 to 03:15 where 02:00 to 03:00 is left out) does
    # not happen that day.
    return [one for one in exact if one[0] < one[1] and one[0] < until and one[1] > from_]


def at(zone: str, day: Day, seconds: int) -> Instant:
    """`seconds` after midnight on the clocks of the zone; of the next day from 24 hours on."""
    days, minute = divmod(seconds // 60, DAY_MINUTES)
    return instant_at(zone, day + days, minute)
