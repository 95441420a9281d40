"""The iCalendar file, read back by libraries that know nothing of the plan: one adds an event's
length to what the clocks show, as many calendars do, and one, as RFC 5545 has it, to the instant.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import recurring_ical_events
from dateutil.rrule import rruleset, rrulestr
from icalendar import Calendar

from djamms.scheduler.calendar import Item, calendar
from djamms.scheduler.plan.contenders import Entry
from djamms.scheduler.plan.instants import instant_of, moment_of
from djamms.scheduler.plan.resolver import Plan
from djamms.scheduler.plan.zones import known_zones

MADE = datetime(2025, 11, 5, 12, tzinfo=UTC)
CHANGED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
FROM, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
# Where clocks change at night by an hour, by half of one, in the south, at midnight, and never.
ZONES = [
    "Europe/Lisbon",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "America/Santiago",
    "Asia/Tokyo",
    "UTC",
]
MONDAY, SUNDAY, EVERY_DAY = 1, 64, 127


def day(said: str) -> int:
    return date.fromisoformat(said).toordinal()


def entry(zone: str = "Europe/Lisbon", start: str = "22:00", end: str = "06:00") -> Entry:
    hours, minutes = (one.split(":") for one in (start, end))
    return Entry(
        id=UUID(int=5),
        playlist_id=UUID(int=6),
        zone=zone,
        start=int(hours[0]) * 60 + int(hours[1]),
        end=int(minutes[0]) * 60 + int(minutes[1]),
        created_at=MADE.timestamp(),
        title="Night",
        playlist="Late",
    )


def written(*entries: Entry, is_active: bool = True) -> str:
    items = [Item(one, CHANGED, is_active) for one in entries]
    return calendar(items, name="Plan", year=2026)


def parts(content: str, name: str = "VEVENT") -> list[Any]:
    return list(Calendar.from_ical(content).walk(name))


def told(one: Entry) -> list[tuple[datetime, datetime]]:
    """Every occurrence of a year as the file tells it."""
    events = recurring_ical_events.of(Calendar.from_ical(written(one))).between(FROM, UNTIL)
    return sorted((utc(event.start), utc(event.end)) for event in events)


def told_exactly(one: Entry) -> list[tuple[datetime, datetime]]:
    """By RFC 5545 alone: an event's length is an exact one."""
    master, *others = parts(written(one))
    moved = {wall(other["RECURRENCE-ID"].dt): other for other in others}
    length = master["DURATION"].dt
    spans = []
    for start in recurrences(master):
        if other := moved.get(wall(start)):
            spans.append((utc(other["DTSTART"].dt), utc(other["DTEND"].dt)))
        else:
            spans.append((utc(start), utc(start) + length))
    return sorted((start, end) for start, end in spans if start < UNTIL and end > FROM)


def recurrences(master: Any) -> list[datetime]:
    """In the event's zone."""
    start = master["DTSTART"].dt
    rules = rruleset()
    if "RRULE" in master:
        rule = master["RRULE"].to_ical().decode().partition(";UNTIL=")[0]
        rules.rrule(rrulestr(rule, dtstart=wall(start), cache=True))
    else:
        rules.rdate(wall(start))
    for name, add in (("RDATE", rules.rdate), ("EXDATE", rules.exdate)):
        for one in master[name].dts if name in master else ():
            add(wall(one.dt))
    last = master["RRULE"].get("UNTIL", [UNTIL])[0] if "RRULE" in master else UNTIL
    found = rules.between(wall(FROM) - timedelta(days=2), wall(UNTIL) + timedelta(days=2), inc=True)
    zoned = (one.replace(tzinfo=start.tzinfo) for one in found)
    return [one for one in zoned if one <= last]


def wall(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


def utc(moment: date) -> datetime:
    assert isinstance(moment, datetime)
    return moment.astimezone(UTC)


def whole(spans: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """As the plan has them: what follows on itself, day after day, is one; within the year."""
    found: list[tuple[datetime, datetime]] = []
    for start, end in spans:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return [(max(start, FROM), min(end, UNTIL)) for start, end in found]


def planned(one: Entry) -> list[tuple[datetime, datetime]]:
    found = Plan([one]).occurrences(instant_of(FROM), instant_of(UNTIL))
    return whole(sorted((moment_of(start), moment_of(end)) for start, end, _ in found))


TIMES = [
    ("22:00", "06:00"),
    ("01:30", "02:30"),
    ("02:30", "03:15"),
    ("00:00", "00:00"),
    ("00:15", "01:45"),
    ("09:00", "17:00"),
]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(("start", "end"), TIMES)
def test_tells_every_occurrence_of_a_year(zone: str, start: str, end: str) -> None:
    one = entry(zone, start, end)

    assert len(told(one)) >= 364
    assert told(one) == told_exactly(one)
    assert whole(told(one)) == planned(one)


@pytest.mark.parametrize("zone", ["Europe/Lisbon", "America/New_York", "Africa/Cairo"])
@pytest.mark.parametrize(
    "words",
    [
        {"weekdays": MONDAY | SUNDAY},
        {"weekdays": SUNDAY, "first": day("2026-03-29"), "last": day("2026-10-25")},
        {"first": day("2026-03-08"), "last": day("2026-03-08")},
        {"except_dates": frozenset(map(day, ("2026-03-28", "2026-03-29", "2026-12-25")))},
        {"dates": frozenset(map(day, ("2026-03-28", "2026-10-24", "2026-12-31")))},
        {"dates": frozenset([day("2026-03-29")])},
        {
            "dates": frozenset(map(day, ("2026-03-28", "2026-12-31"))),
            "except_dates": frozenset([day("2026-12-31")]),
        },
    ],
)
def test_tells_days_ranges_dates_and_exceptions(zone: str, words: dict[str, int]) -> None:
    one = replace(entry(zone), **words)  # type: ignore[arg-type]

    assert planned(one)
    assert told(one) == told_exactly(one)
    assert whole(told(one)) == planned(one)


def test_tells_any_zones_nights() -> None:
    wrong = [
        zone
        for zone in sorted(known_zones())[::12]
        if whole(told(one := entry(zone, "23:30", "02:30"))) != planned(one)
    ]

    assert wrong == []


def test_says_what_it_is() -> None:
    [event] = [one for one in parts(written(entry())) if "RRULE" in one]

    assert str(event["UID"]) == str(UUID(int=5))
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == CHANGED
    assert (str(event["SUMMARY"]), str(event["DESCRIPTION"])) == ("Night", "Late")
    assert event["STATUS"] == "CONFIRMED"
    assert event["DTSTART"].params["TZID"] == "Europe/Lisbon"
    assert event["DURATION"].dt == timedelta(hours=8)


def test_what_is_switched_off_is_cancelled() -> None:
    events = parts(written(entry(), is_active=False))

    assert {str(event["STATUS"]) for event in events} == {"CANCELLED"}


def test_a_range_that_is_over_is_no_event() -> None:
    over = replace(entry(), weekdays=MONDAY, first=day("2026-01-06"), last=day("2026-01-10"))

    assert parts(written(over)) == []


@pytest.mark.parametrize("zone", ZONES)
def test_its_zones_are_those_of_the_plan(zone: str) -> None:
    [told_zone] = parts(written(entry(zone)), "VTIMEZONE")
    clock = told_zone.to_tz(lookup_tzid=False)

    for one in range(365 * 3):
        wall = datetime(2026, 1, 1, 12) + timedelta(days=one)  # noqa: DTZ001
        instant = Plan([entry(zone, "12:00", "13:00")]).occurrences(
            instant_of(wall.replace(tzinfo=UTC)) - 50_000,
            instant_of(wall.replace(tzinfo=UTC)) + 50_000,
        )
        told_instant = instant_of(wall.replace(tzinfo=clock))
        assert told_instant in [start for start, _, _ in instant]


@pytest.mark.parametrize(
    "title", ["Rock; Pop, Jazz\\Soul", "two\nlines", "é" * 200, "a" * 74 + "🎵🎵🎵", "bell\x07"]
)
def test_any_title_comes_back(title: str) -> None:
    content = written(replace(entry(), title=title))

    [event, *_] = parts(content)
    assert str(event["SUMMARY"]) == title.replace("\x07", "")
    lines = content.split("\r\n")
    assert lines[-1] == ""
    assert "\n" not in "".join(lines)
    assert max(len(line.encode()) for line in lines) <= 75
