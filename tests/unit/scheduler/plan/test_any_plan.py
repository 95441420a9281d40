"""Any plan at any time, against the oracle. `SCHEDULER_EXAMPLES=5000` looks longer."""

import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from djamms.scheduler.plan.contenders import Entry, Override
from djamms.scheduler.plan.instants import instant_of
from djamms.scheduler.plan.resolver import Plan
from tests.support.plan_oracle import utc
from tests.support.plans import agrees, override

MANY = settings(
    max_examples=int(os.environ.get("SCHEDULER_EXAMPLES", "60")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
FEW_ZONES = (
    *("UTC", "Europe/Lisbon", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"),
    *("Antarctica/Troll", "Africa/Casablanca", "Asia/Beirut", "Africa/Cairo", "America/Asuncion"),
    *("America/Havana", "America/Santiago", "Europe/Dublin", "Pacific/Chatham", "Pacific/Apia"),
    *("Pacific/Kiritimati", "Etc/GMT+12", "America/St_Johns"),
)
# On which the clocks of some of them change.
TIMES = (
    *(utc(2026, 3, 8), utc(2026, 3, 29), utc(2026, 4, 5), utc(2026, 4, 24), utc(2026, 10, 25)),
    *(utc(2026, 11, 1), utc(2026, 9, 6), utc(2027, 2, 7), utc(2011, 12, 30), utc(2026, 7, 1)),
)

QUARTERS = st.integers(0, 95).map(lambda quarter: quarter * 15)
AFTER_EPOCH = st.sampled_from(TIMES)


@st.composite
def entries(draw: st.DrawFn, at: datetime) -> Entry:
    """Near that date, where it has dates."""
    near = st.integers(-3, 3).map(lambda days: at.date().toordinal() + days)
    some = st.frozensets(near, max_size=3)
    first, last = sorted((draw(near), draw(near)))
    is_bounded = draw(st.booleans())
    return Entry(
        id=UUID(int=draw(st.integers(1, 2**40))),
        playlist_id=None,
        zone=draw(st.sampled_from(FEW_ZONES)),
        start=draw(QUARTERS),
        end=draw(QUARTERS),
        created_at=float(draw(st.integers(0, 3))),
        weekdays=draw(st.integers(1, 127)),
        first=first if is_bounded else None,
        last=last if is_bounded and draw(st.booleans()) else None,
        dates=draw(some) if draw(st.integers(0, 3)) == 0 else frozenset(),
        except_dates=draw(some) if draw(st.booleans()) else frozenset(),
        priority=draw(st.sampled_from((-1, 0, 0, 0, 1))),
    )


@st.composite
def plans(draw: st.DrawFn) -> tuple[datetime, list[Entry]]:
    at = draw(AFTER_EPOCH)
    found = draw(st.lists(entries(at), max_size=7, unique_by=lambda one: one.id))
    return at, found


@MANY
@given(plans())
def test_any_plan_is_the_oracles(plan: tuple[datetime, list[Entry]]) -> None:
    at, found = plan

    agrees(found, at - timedelta(hours=20), at + timedelta(hours=28))


@MANY
@given(plans(), st.randoms(use_true_random=False))
def test_the_order_of_what_is_given_does_not_matter(
    plan: tuple[datetime, list[Entry]], chance: object
) -> None:
    at, found = plan
    other = list(found)
    chance.shuffle(other)  # type: ignore[attr-defined]
    from_ = instant_of(at)

    days = range(from_ - 86_400, from_ + 86_400, 3600)
    assert [Plan(other).resolve(t) for t in days] == [Plan(found).resolve(t) for t in days]
    week = from_, from_ + 7 * 86_400
    assert Plan(other).timeline(*week) == Plan(found).timeline(*week)


@st.composite
def overrides(draw: st.DrawFn) -> list[Override]:
    """In seconds from a start."""
    numbers = draw(st.lists(st.integers(1, 9), max_size=3, unique=True))
    found = []
    for one in numbers:
        from_ = draw(st.integers(0, 200_000))
        until = draw(st.none() | st.integers(from_ + 1, 300_000))
        found.append(override(one << 50, from_, until, is_stop=draw(st.booleans())))
    return found


def moved(found: Sequence[Override], by: int) -> list[Override]:
    return [
        override(
            one.id.int,
            one.starts_at + by,
            None if one.ends_at is None else one.ends_at + by,
            is_stop=one.is_stop,
        )
        for one in found
    ]


@MANY
@given(plans(), overrides(), st.integers(0, 250_000))
def test_a_single_answer_and_a_timeline_say_the_same(
    plan: tuple[datetime, list[Entry]], forced: list[Override], second: int
) -> None:
    at, found = plan
    from_ = instant_of(at) - 86_400
    whole = Plan([*found, *moved(forced, from_)])

    segments = whole.timeline(from_, from_ + 300_000)
    answer = whole.resolve(from_ + second)

    edges = [segments[0].from_, *(one.until for one in segments)]
    assert edges == [*(one.from_ for one in segments), from_ + 300_000]
    assert all(one.from_ < one.until for one in segments)
    here = next(one for one in segments if one.from_ <= from_ + second < one.until)
    assert answer.winner == here.winner
    if here is not segments[0]:
        assert answer.from_ == here.from_
    if here is not segments[-1]:
        assert answer.until == here.until
    due = {x.contender for x in here.losers if x.from_ <= from_ + second < x.until}
    assert {one.contender for one in answer.losers} == due
    coming = [x for x in segments if x.from_ >= here.until and isinstance(x.winner, Entry)]
    if coming:
        assert answer.next is not None
        assert (answer.next.winner, answer.next.from_) == (coming[0].winner, coming[0].from_)


@MANY
@given(plans(), st.integers(1, 86_400))
def test_a_timeline_in_two_parts_is_the_same(
    plan: tuple[datetime, list[Entry]], second: int
) -> None:
    at, found = plan
    from_, until = instant_of(at), instant_of(at) + 2 * 86_400
    whole = Plan(found)

    parts = [*whole.spans(from_, from_ + second), *whole.spans(from_ + second, until)]

    cut = [
        part
        for start, end, place in whole.spans(from_, until)
        for part in (
            (start, min(end, from_ + second), place),
            (max(start, from_ + second), end, place),
        )
        if part[0] < part[1]
    ]
    assert parts == sorted(cut, key=lambda part: part[0])
