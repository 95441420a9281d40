from collections.abc import Sequence
from datetime import datetime
from itertools import product

import pytest

from djamms.scheduler.plan import conflicts as conflicts_module
from djamms.scheduler.plan.conflicts import Foreseen, conflicts, foreseen, gaps
from djamms.scheduler.plan.contenders import Entry, Rule
from djamms.scheduler.plan.instants import instant_of
from djamms.scheduler.plan.resolver import Plan
from tests.support.plan_oracle import utc
from tests.support.plans import day, entry, minute_of, override

BERLIN = "Europe/Berlin"
# A Monday in winter.
MONDAY = utc(2027, 1, 11)
WEEK = 7 * 86_400


def pairs(found: Sequence[conflicts_module.Conflict]) -> list[tuple[int, int, bool]]:
    return [(one.winner.id.int, one.loser.id.int, one.only_on_clock_change) for one in found]


def seen(*entries: Entry, of: Entry | None = None) -> Foreseen:
    return foreseen(entries, instant_of(MONDAY), of=of.id if of else None)


def test_a_conflict_says_who_wins_by_which_rule_and_when() -> None:
    long = entry(1, "10:00", "14:00", weekdays=0b1)
    short = entry(2, "13:00", "15:00", weekdays=0b11)
    from_ = instant_of(MONDAY)

    [found] = conflicts([long, short], from_, from_ + 2 * WEEK)

    assert (found.winner, found.loser, found.rule) == (short, long, Rule.NARROWER)
    first = (instant_of(utc(2027, 1, 11, 13)), instant_of(utc(2027, 1, 11, 14)))
    assert found.clashes == (first, (first[0] + WEEK, first[1] + WEEK))
    assert not found.only_on_clock_change


def test_one_after_the_other_is_no_conflict() -> None:
    assert seen(entry(1, "10:00", "12:00"), entry(2, "12:00", "14:00")).conflicts == []


def test_one_that_loses_in_the_middle_clashes_once_and_one_that_wins_twice_clashes_twice() -> None:
    all_day, show, other = (
        entry(1, "00:00", "00:00"),
        entry(2, "10:00", "11:00"),
        entry(3, "12:00", "12:30"),
    )
    from_ = instant_of(MONDAY)

    found = conflicts([all_day, show, other], from_, from_ + 86_400)

    assert pairs(found) == [(2, 1, False), (3, 1, False)]


def test_between_two_losers_there_is_no_conflict() -> None:
    """They lose to who plays, not to each other."""
    entries = [entry(n, "10:00", "11:00", priority=n) for n in (1, 2, 3)]

    assert pairs(seen(*entries).conflicts) == [(3, 2, False), (3, 1, False)]


def test_those_of_one_entry_are_those_it_wins_or_loses() -> None:
    entries = [entry(n, "10:00", "11:00", priority=n) for n in (1, 2, 3)]

    assert pairs(seen(*entries, of=entries[0]).conflicts) == [(3, 1, False)]
    assert len(seen(*entries, of=entries[2]).conflicts) == 2
    assert seen(*entries, of=entry(9, "10:00", "11:00")).conflicts == []


def test_finds_what_meets_only_on_the_night_of_a_clock_change() -> None:
    """02:30 is left out that night and read as 03:30."""
    early, late = entry(1, "00:00", "02:30", BERLIN), entry(2, "03:00", "04:00", BERLIN)

    [found] = seen(early, late).conflicts

    assert (found.winner, found.loser, found.only_on_clock_change) == (late, early, True)
    assert found.clashes == (
        (instant_of(utc(2027, 3, 28, 1)), instant_of(utc(2027, 3, 28, 1, 30))),
    )


def test_what_meets_every_night_is_not_because_of_the_change() -> None:
    early, late = entry(1, "00:00", "03:30", BERLIN), entry(2, "03:00", "04:00", BERLIN)
    change = instant_of(utc(2027, 3, 28, 1))

    [found] = conflicts([early, late], change - 3600, change + 4 * 3600)

    assert not found.only_on_clock_change


@pytest.mark.parametrize("change", [utc(2027, 3, 28, 1), utc(2027, 10, 31, 1)])
def test_of_daily_entries_of_one_zone_the_clocks_faces_say_which_meet_only_then(
    change: datetime,
) -> None:
    at = instant_of(change)
    hours = ["00:00", "01:30", "02:00", "02:15", "02:30", "03:00", "03:15", "04:00"]
    both = {False: 0, True: 0}

    for (a, b), (c, d) in product(list(product(hours, hours)), repeat=2):
        found = conflicts(
            [entry(1, a, b, BERLIN), entry(2, c, d, BERLIN)], at - 40_000, at + 40_000
        )
        for one in found:
            assert one.only_on_clock_change == (not faces(a, b) & faces(c, d)), (a, b, c, d)
            both[one.only_on_clock_change] += 1

    assert both[False] > 1000
    # What comes twice is the first for both: nobody meets for it.
    assert both[True] > 10 if change.month == 3 else both[True] == 0


def faces(start: str, end: str) -> set[int]:
    """The minutes that clocks show in a day's entry."""
    first, last = minute_of(start), minute_of(end)
    return {minute % 1440 for minute in range(first, last + (1440 if last <= first else 0))}


def test_entries_of_zones_whose_clocks_change_apart_meet_for_weeks() -> None:
    """Not on one day: New York is an hour nearer from the 14th to the 28th of March."""
    here = entry(1, "17:00", "18:00", BERLIN)
    there = entry(2, "12:00", "13:00", "America/New_York")

    [found] = seen(here, there).conflicts

    assert not found.only_on_clock_change
    assert found.clashes[0][0] == instant_of(utc(2027, 3, 14, 16))


def test_no_further_than_a_year_and_two_days() -> None:
    found = foreseen([entry(1, "10:00", "12:00", BERLIN)], instant_of(MONDAY))

    two_weeks, spring, autumn = found.times
    assert two_weeks == (instant_of(MONDAY), instant_of(MONDAY) + 2 * WEEK)
    assert spring == (instant_of(utc(2027, 3, 26, 1)), instant_of(utc(2027, 3, 30, 1)))
    assert autumn == (instant_of(utc(2027, 10, 29, 1)), instant_of(utc(2027, 11, 2, 1)))
    assert not found.is_cut


def test_the_dates_of_one_that_is_asked_about_are_looked_at() -> None:
    date = day("2027-08-17")
    party = entry(1, "20:00", "23:00", BERLIN, dates=frozenset({date}))
    weekly = entry(2, "22:00", "23:00", BERLIN, weekdays=0b10)

    assert pairs(seen(party, weekly, of=party).conflicts) == [(1, 2, False)]
    assert seen(party, weekly).conflicts == []


def test_the_first_two_weeks_of_one_that_begins_later_are_looked_at() -> None:
    later = entry(1, "20:00", "23:00", BERLIN, first=day("2027-06-01"))
    weekly = entry(2, "22:00", "23:00", BERLIN, weekdays=0b10)

    [found] = seen(later, weekly, of=later).conflicts

    assert [instant_of(utc(2027, 6, n, 20)) for n in (1, 8)] == [
        one[0] for one in found.clashes[:2]
    ]


def test_too_many_to_look_at_are_cut_and_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conflicts_module, "MOST_LOSSES", 10)
    entries = [entry(n, "10:00", "11:00") for n in range(1, 8)]

    found = seen(*entries)

    assert found.is_cut
    assert sum(len(one.clashes) for one in found.conflicts) == 10


def test_gaps_are_when_nothing_is_due() -> None:
    from_ = instant_of(MONDAY)
    shows = [entry(1, "10:00", "12:00"), entry(2, "12:00", "14:00"), entry(3, "13:00", "00:00")]

    assert gaps(Plan(shows), from_, from_ + 86_400) == [(from_, from_ + 10 * 3600)]
    assert gaps(Plan([]), from_, from_ + 60) == [(from_, from_ + 60)]
    forced = override(9, from_, from_ + 3600)
    assert gaps(Plan([*shows, forced]), from_, from_ + 86_400) == [
        (from_ + 3600, from_ + 10 * 3600)
    ]


def test_an_hour_that_comes_twice_leaves_a_gap() -> None:
    """Shows are at the first of it, and nothing is due at the second."""
    before = entry(1, "00:00", "02:30", BERLIN)
    after = entry(2, "03:00", "00:00", BERLIN)
    from_ = instant_of(utc(2027, 10, 30, 22))

    found = gaps(Plan([before, after]), from_, from_ + 25 * 3600)

    assert found == [(instant_of(utc(2027, 10, 31, 0, 30)), instant_of(utc(2027, 10, 31, 2)))]
