"""Wall-clock times on the days on which clocks change, by example."""

from datetime import datetime, timedelta

import pytest

from djamms.scheduler.plan.instants import instant_of, moment_of
from djamms.scheduler.plan.resolver import Plan
from tests.support.plan_oracle import utc
from tests.support.plans import agrees, day, entry, number

BERLIN, LORD_HOWE = "Europe/Berlin", "Australia/Lord_Howe"
DAY = timedelta(days=1)


def times(
    start: str, end: str, zone: str, date: str, **more: object
) -> list[tuple[datetime, datetime]]:
    """Of an entry on one date."""
    one = entry(1, start, end, zone, dates=frozenset({day(date)}), **more)
    noon = instant_of(datetime.fromisoformat(f"{date}T12:00Z"))
    segments = Plan([one]).timeline(noon - 3 * 86_400, noon + 3 * 86_400)
    return [(moment_of(x.from_), moment_of(x.until)) for x in segments if x.winner]


CASES = [
    # 02:00 to 03:00 is left out: read with the offset before, so 01:30Z, which is 03:30.
    ("02:30", "04:00", BERLIN, "2027-03-28", "2027-03-28T01:30Z", "2027-03-28T02:00Z"),
    # Both ends left out.
    ("02:15", "02:45", BERLIN, "2027-03-28", "2027-03-28T01:15Z", "2027-03-28T01:45Z"),
    # 02:00 to 03:00 comes twice: the first.
    ("02:00", "02:30", BERLIN, "2026-10-25", "2026-10-25T00:00Z", "2026-10-25T00:30Z"),
    ("02:30", "03:00", BERLIN, "2026-10-25", "2026-10-25T00:30Z", "2026-10-25T02:00Z"),
    # Overnight: 7 and 9 hours.
    ("22:00", "06:00", BERLIN, "2027-03-27", "2027-03-27T21:00Z", "2027-03-28T04:00Z"),
    ("22:00", "06:00", BERLIN, "2026-10-24", "2026-10-24T20:00Z", "2026-10-25T05:00Z"),
    # A whole day: 23 and 25 hours.
    ("00:00", "00:00", BERLIN, "2027-03-28", "2027-03-27T23:00Z", "2027-03-28T22:00Z"),
    ("00:00", "00:00", BERLIN, "2026-10-25", "2026-10-24T22:00Z", "2026-10-25T23:00Z"),
    # Half an hour, in April and October.
    ("00:00", "00:00", LORD_HOWE, "2026-04-05", "2026-04-04T13:00Z", "2026-04-05T13:30Z"),
    ("02:15", "03:00", LORD_HOWE, "2026-10-04", "2026-10-03T15:45Z", "2026-10-03T16:00Z"),
    # Two hours.
    ("00:00", "06:00", "Antarctica/Troll", "2027-03-28", "2027-03-28T00:00Z", "2027-03-28T04:00Z"),
    # Winter is what is saved: the rules say so with a negative amount.
    ("00:30", "02:30", "Europe/Dublin", "2027-03-28", "2027-03-28T00:30Z", "2027-03-28T01:30Z"),
    # Clocks go back for Ramadan, and forward after it.
    ("01:00", "04:00", "Africa/Casablanca", "2026-02-15", "2026-02-15T00:00Z", "2026-02-15T04:00Z"),
    ("01:00", "04:00", "Africa/Casablanca", "2026-03-22", "2026-03-22T01:00Z", "2026-03-22T03:00Z"),
    # Midnight itself is left out, or is the end of an hour that comes twice.
    ("00:00", "02:00", "Africa/Cairo", "2026-04-24", "2026-04-23T22:00Z", "2026-04-23T23:00Z"),
    ("22:00", "00:00", "Asia/Beirut", "2026-10-24", "2026-10-24T19:00Z", "2026-10-24T22:00Z"),
    ("00:00", "02:00", "America/Havana", "2025-11-02", "2025-11-02T04:00Z", "2025-11-02T07:00Z"),
    ("23:00", "01:00", "America/Santiago", "2026-04-04", "2026-04-05T02:00Z", "2026-04-05T05:00Z"),
    # A date that never was: as long after the one before as if it had been.
    ("08:00", "10:00", "Pacific/Apia", "2011-12-30", "2011-12-30T18:00Z", "2011-12-30T20:00Z"),
]  # fmt: skip


@pytest.mark.parametrize(("start", "end", "zone", "date", "from_", "until"), CASES)
def test_a_time_on_the_day_of_a_change(
    start: str, end: str, zone: str, date: str, from_: str, until: str
) -> None:
    expected = (datetime.fromisoformat(from_), datetime.fromisoformat(until))

    assert times(start, end, zone, date) == [expected]


def test_a_daily_show_is_at_its_hour_on_every_day_after_the_change() -> None:
    show = entry(1, "02:00", "03:00", BERLIN)
    from_ = instant_of(utc(2027, 3, 25))

    segments = Plan([show]).timeline(from_, from_ + 14 * 86_400)

    starts = [moment_of(one.from_).strftime("%H:%M") for one in segments if one.winner]
    # On the day of the change all of it is left out.
    assert starts == ["01:00"] * 3 + ["00:00"] * 10


def test_one_that_the_change_turns_round_does_not_happen_on_that_day_alone() -> None:
    # 02:30 is read as 03:30, after 03:15.
    show = entry(1, "02:30", "03:15", BERLIN)
    from_ = instant_of(utc(2027, 3, 27))

    segments = Plan([show]).timeline(from_, from_ + 3 * 86_400)

    days = [moment_of(one.from_).day for one in segments if one.winner]
    assert days == [27, 29]


def test_nothing_is_due_when_the_hour_comes_a_second_time() -> None:
    """Two shows, one after the other, each at the first of its times: a gap of an hour."""
    first, second = entry(1, "02:00", "02:30", BERLIN), entry(2, "02:30", "03:00", BERLIN)
    shorter = entry(3, "02:00", "02:15", BERLIN)
    from_, until = utc(2026, 10, 25), utc(2026, 10, 25, 3)

    segments = Plan([first, second]).timeline(instant_of(from_), instant_of(until))

    found = [(moment_of(x.from_).strftime("%H:%M"), number(x.winner)) for x in segments]
    # The second goes on to its wall-clock end, and so through the hour's second coming.
    assert found == [("00:00", 1), ("00:30", 2), ("02:00", None)]
    alone = Plan([shorter, first]).timeline(instant_of(from_), instant_of(until))
    found = [(moment_of(x.from_).strftime("%H:%M"), number(x.winner)) for x in alone]
    assert found == [("00:00", 3), ("00:15", 1), ("00:30", None)]


def test_a_daily_one_that_overlaps_itself_in_spring_is_due_once() -> None:
    # Ends at 02:45, which is read as 03:45; the next begins at 03:05.
    show = entry(1, "03:05", "02:45", BERLIN)
    at = instant_of(utc(2027, 3, 28, 1, 20))

    found = Plan([show]).resolve(at)

    assert found.winner == show
    assert found.losers == ()
    assert found.until == instant_of(utc(2027, 3, 29, 0, 45))


def test_the_date_that_samoa_left_out() -> None:
    entries = [
        entry(1, "00:00", "00:00", "Pacific/Apia", weekdays=0b10000),
        entry(2, "22:00", "02:00", "Pacific/Apia"),
        entry(3, "00:00", "00:00", "UTC"),
    ]

    agrees(entries, utc(2011, 12, 29), utc(2012, 1, 1))
