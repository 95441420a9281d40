"""What wins, by example."""

from dataclasses import replace
from typing import Any

import pytest

from djamms.scheduler.plan.contenders import Entry, Override, Rule
from djamms.scheduler.plan.instants import instant_of
from djamms.scheduler.plan.resolver import resolve
from tests.support.plan_oracle import utc
from tests.support.plans import day, entry, number, override

# A Wednesday.
NOON = instant_of(utc(2026, 7, 1, 12))
ALL_DAY = entry(1, "00:00", "00:00")

PAIRS = [
    (Rule.ONE_OFF, {"dates": frozenset({day("2026-07-01")})}, {"priority": 100}),
    (Rule.HIGHER_PRIORITY, {"priority": 1}, {"created_at": 99.0}),
    (Rule.HIGHER_PRIORITY, {}, {"priority": -1, "created_at": 99.0}),
    (Rule.NARROWER, {"start": 1}, {"created_at": 99.0}),
    (
        Rule.NARROWER,
        {"first": day("2026-06-01"), "last": day("2026-07-31")},
        {"first": day("2026-06-01"), "last": day("2026-08-31"), "weekdays": 0b100},
    ),
    (Rule.NARROWER, {"first": day("2026-06-01"), "last": day("2026-07-31")}, {"weekdays": 0b100}),
    (Rule.NARROWER, {"weekdays": 0b110}, {"weekdays": 0b111, "created_at": 99.0}),
    (Rule.NEWER, {"created_at": 7.5}, {"created_at": 7.25}),
    (Rule.IDENTIFIER, {"created_at": 7.0}, {"created_at": 7.0}),
]


@pytest.mark.parametrize(("rule", "winning", "losing"), PAIRS)
def test_the_first_rule_in_which_two_differ_decides(
    rule: Rule, winning: dict[str, Any], losing: dict[str, Any]
) -> None:
    winner = replace(entry(1, "00:00", "00:00"), **{"created_at": 5.0, **winning})
    loser = replace(entry(2, "00:00", "00:00"), **{"created_at": 5.0, **losing})

    found = resolve([loser, winner], NOON)

    assert (found.winner, found.rule) == (winner, rule)
    assert [(one.contender, one.reason) for one in found.losers] == [(loser, rule)]


def test_each_loser_has_the_rule_by_which_it_lost_to_the_winner() -> None:
    winner = entry(3, "11:00", "13:00", priority=1)
    same = entry(2, "11:00", "13:00", priority=1)
    lower = entry(4, "11:00", "13:00")

    found = resolve([lower, same, winner], NOON)

    assert [number(found.winner), found.rule] == [3, Rule.NEWER]
    assert [(number(one.contender), one.reason) for one in found.losers] == [
        (2, Rule.NEWER),
        (4, Rule.HIGHER_PRIORITY),
    ]


def test_only_one_due() -> None:
    found = resolve([entry(1, "11:00", "13:00")], NOON)

    assert found.rule == Rule.ONLY
    assert (found.from_, found.until) == (NOON - 3600, NOON + 3600)


def test_nothing_due() -> None:
    found = resolve([entry(1, "13:00", "14:00", weekdays=0b100)], NOON)

    assert (found.winner, found.rule, found.losers) == (None, Rule.DEFAULT, ())
    assert (found.from_, found.until) == (NOON - 7 * 86_400 + 7200, NOON + 3600)
    assert found.next is not None
    assert (number(found.next.winner), found.next.from_) == (1, NOON + 3600)


def test_no_entry_at_all_is_open_on_both_sides() -> None:
    found = resolve([], NOON)

    assert (found.winner, found.from_, found.until, found.next) == (None, None, None, None)


def test_one_that_never_ends_is_open_on_both_sides() -> None:
    found = resolve([ALL_DAY], NOON)

    assert (found.winner, found.from_, found.until, found.next) == (ALL_DAY, None, None, None)


@pytest.mark.parametrize("days", [0, 3, 40, 300])
def test_finds_the_next_however_far_within_a_year(days: int) -> None:
    date = day("2026-07-02") + days
    far = entry(2, "12:00", "13:00", dates=frozenset({date}))

    found = resolve([ALL_DAY, far], NOON)

    assert found.until == NOON + (days + 1) * 86_400
    assert found.next is not None
    assert number(found.next.winner) == 2


def test_an_override_beats_a_one_off_and_an_emergency_stop_an_override() -> None:
    one_off = entry(1, "11:00", "13:00", dates=frozenset({day("2026-07-01")}), priority=100)
    playing = override(10, NOON - 60, NOON + 60)
    stop = override(11, NOON - 90, None, is_stop=True)

    assert resolve([one_off, playing], NOON).rule == Rule.OVERRIDE
    found = resolve([one_off, playing, stop], NOON)
    assert (found.winner, found.rule) == (stop, Rule.EMERGENCY_STOP)
    assert [one.contender for one in found.losers] == [playing, one_off]


def test_the_newest_override_wins_and_the_older_goes_on_after_it() -> None:
    older, newer = override(10, NOON - 60, NOON + 600), override(11, NOON, NOON + 300)

    found = resolve([older, newer], NOON)
    assert (found.winner, found.rule) == (newer, Rule.OVERRIDE)
    assert resolve([older, newer], NOON + 300).winner == older


def test_next_is_an_entry_whatever_overrides_come_between() -> None:
    show = entry(1, "12:10", "13:00")
    older, newer = override(10, NOON - 60, NOON + 900), override(11, NOON, NOON + 300)

    found = resolve([show, older, newer], NOON)

    assert found.until == NOON + 300
    assert found.next is not None
    assert (number(found.next.winner), found.next.from_) == (1, NOON + 900)


def test_nothing_follows_a_stop_without_an_end() -> None:
    stop = override(10, NOON - 60, None, is_stop=True)

    found = resolve([entry(1, "13:00", "14:00"), stop], NOON)

    assert (found.from_, found.until, found.next) == (NOON - 60, None, None)


def test_an_exception_is_not_due_on_that_date_nor_in_the_night_after_it() -> None:
    night = entry(1, "22:00", "06:00", except_dates=frozenset({day("2026-06-30")}))

    assert resolve([night], instant_of(utc(2026, 6, 30, 5))).winner == night
    assert resolve([night], instant_of(utc(2026, 7, 1, 5))).winner is None
    assert resolve([night], instant_of(utc(2026, 7, 1, 23))).winner == night


def test_a_range_of_dates_holds_for_the_beginnings() -> None:
    night = entry(1, "22:00", "06:00", first=day("2026-07-01"), last=day("2026-07-01"))

    due = [resolve([night], instant_of(utc(2026, 7, d, 5))).winner for d in (1, 2, 3)]

    assert due == [None, night, None]


def test_the_weekday_is_that_of_the_beginning() -> None:
    night: Entry = entry(1, "22:00", "06:00", weekdays=0b100)

    due = [resolve([night], instant_of(utc(2026, 7, d, 5))).winner for d in (1, 2)]

    assert due == [None, night]


def test_an_override_is_a_contender_like_any_other() -> None:
    ends = override(10, NOON, NOON + 1)

    assert isinstance(resolve([ends], NOON).winner, Override)
    assert resolve([ends], NOON + 1).winner is None
    assert resolve([ends], NOON - 1).winner is None
