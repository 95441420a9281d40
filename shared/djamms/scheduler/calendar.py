"""The plan as an iCalendar file (RFC 5545).

An entry is one event that recurs on its zone's clocks. Its length is exact there, and the plan's
end is what the clocks say: for each night of a clock change on which the two are not the same, the
event has an exception of its own, in UTC. That is told from a year before the calendar's year until
three years after it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain

from djamms.scheduler.calendar_lines import duration, rendered, text, utc, wall
from djamms.scheduler.calendar_zones import zone_lines
from djamms.scheduler.plan.contenders import Entry
from djamms.scheduler.plan.instants import (
    Day,
    Instant,
    day_of,
    instant_at,
    moment_of,
    weekday,
)
from djamms.scheduler.plan.zones import clock, clock_changes, offset_at

PRODUCT = "-//DJAMMS//Scheduler//EN"
BYDAY = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
YEARS_BEHIND, YEARS_AHEAD = 1, 3
LAST_MINUTE = 23 * 60 + 59
# In seconds: no clock is changed by more, but for a zone that leaves out a day.
NEAR = 3 * 3600


@dataclass(frozen=True, slots=True)
class Item:
    """An entry with what the plan does not ask for."""

    entry: Entry
    updated_at: datetime
    is_active: bool


def calendar(items: Sequence[Item], *, name: str, year: int) -> str:
    bounds = (
        date(year - YEARS_BEHIND, 1, 1).toordinal(),
        date(year + YEARS_AHEAD, 12, 31).toordinal(),
    )
    events = [line for item in items for line in _events(item, bounds)]
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN"]
    named = [f"NAME:{text(name)}", f"X-WR-CALNAME:{text(name)}"]
    return rendered(chain(head, named, _zones(items, bounds), events, ["END:VCALENDAR"]))


def _zones(items: Iterable[Item], bounds: tuple[Day, Day]) -> Iterator[str]:
    firsts: dict[str, Day] = {}
    for item in items:
        entry = item.entry
        if (day := first_day(entry)) is not None:
            firsts[entry.zone] = min(firsts.get(entry.zone, bounds[0]), day)
    for zone in sorted(firsts):
        yield from zone_lines(zone, _midnight(firsts[zone] - 2), _midnight(bounds[1] + 1))


def _midnight(day: Day) -> Instant:
    return instant_at("UTC", day, 0)


def first_day(entry: Entry) -> Day | None:
    """From the day on which it was made, where it has no first day; None: it never is."""
    if entry.dates:
        return min(entry.dates)
    made = moment_of(int(entry.created_at)).astimezone(clock(entry.zone)).date().toordinal()
    start = made if entry.first is None else entry.first
    days = (day for day in range(start, start + 7) if entry.weekdays >> weekday(day) & 1)
    day = next(days)
    return None if entry.last is not None and day > entry.last else day


def _events(item: Item, bounds: tuple[Day, Day]) -> Iterator[str]:
    entry = item.entry
    first = first_day(entry)
    if first is None:
        return
    odd = list(_odd_days(entry, first, bounds))
    yield "BEGIN:VEVENT"
    yield from _common(item)
    yield _local("DTSTART", entry, [first])
    yield f"DURATION:{duration(entry.length)}"
    yield from _recurrence(entry, first)
    if left_out := sorted({*_left_out(entry, first), *(day for day, span in odd if not span)}):
        yield _local("EXDATE", entry, left_out)
    yield "END:VEVENT"
    for day, span in odd:
        if span:
            yield "BEGIN:VEVENT"
            yield from _common(item)
            yield _local("RECURRENCE-ID", entry, [day])
            yield f"DTSTART:{utc(moment_of(span[0]))}"
            yield f"DTEND:{utc(moment_of(span[1]))}"
            yield "END:VEVENT"


def _common(item: Item) -> Iterator[str]:
    changed = utc(item.updated_at)
    yield f"UID:{item.entry.id}"
    yield f"DTSTAMP:{changed}"
    yield f"LAST-MODIFIED:{changed}"
    yield f"SUMMARY:{text(item.entry.title)}"
    if item.entry.playlist:
        yield f"DESCRIPTION:{text(item.entry.playlist)}"
    yield f"STATUS:{'CONFIRMED' if item.is_active else 'CANCELLED'}"


def _recurrence(entry: Entry, first: Day) -> Iterator[str]:
    if entry.dates:
        if others := sorted(entry.dates - {first}):
            yield _local("RDATE", entry, others)
        return
    days = ",".join(name for n, name in enumerate(BYDAY) if entry.weekdays >> n & 1)
    last = entry.last
    until = ""
    if last is not None:
        until = f";UNTIL={utc(moment_of(instant_at(entry.zone, last, LAST_MINUTE)))}"
    yield f"RRULE:FREQ=WEEKLY;BYDAY={days}{until}"


def _left_out(entry: Entry, first: Day) -> Iterator[Day]:
    return (day for day in entry.except_dates if day >= first and _recurs(entry, day))


def _recurs(entry: Entry, day: Day) -> bool:
    if entry.dates:
        return day in entry.dates
    is_over = entry.last is not None and day > entry.last
    return not is_over and bool(entry.weekdays >> weekday(day) & 1)


def _odd_days(
    entry: Entry, first: Day, bounds: tuple[Day, Day]
) -> Iterator[tuple[Day, tuple[Instant, Instant] | None]]:
    """On which a reader's length, start or end may not be the plan's; None: it does not happen."""
    from_, until = _midnight(max(first, bounds[0])), _midnight(bounds[1] + 1)
    changes = clock_changes([entry.zone], from_, until)
    near = {day_of(one) + days for one in changes for days in (-2, -1, 0, 1)}
    for day in sorted(near):
        if day < first or not _recurs(entry, day) or not entry.is_on(day):
            continue
        start = instant_at(entry.zone, day, entry.start)
        end = instant_at(entry.zone, day + (entry.end <= entry.start), entry.end)
        if start >= end:
            yield day, None
        elif end - start != entry.length * 60 or not _is_plain(entry, start, end):
            yield day, (start, end)


def _is_plain(entry: Entry, start: Instant, end: Instant) -> bool:
    """Neither time is left out by a change or comes twice."""
    around = {offset_at(entry.zone, one + n) for one in (start, end) for n in (-NEAR, 0, NEAR)}
    return len(around) == 1


def _local(name: str, entry: Entry, days: Iterable[Day]) -> str:
    times = ",".join(wall(day, entry.start) for day in days)
    return f"{name};TZID={entry.zone}:{times}"
