"""Plans of 500 entries: a busy venue's, and the worst that could be thought of."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID

from djamms.scheduler.plan.contenders import Entry
from djamms.scheduler.plan.instants import day_of, instant_of
from djamms.scheduler.plan.zones import known_zones

COUNT = 500
NOW = instant_of(datetime(2026, 11, 18, 10, 13, tzinfo=UTC))
TODAY = day_of(NOW)
ZONES = ("Europe/Lisbon", "America/New_York")


def made(number: int, start: int, length: int, zone: str = ZONES[0], **more: Any) -> Entry:
    """Minutes since midnight, and in all."""
    return Entry(
        id=UUID(int=number),
        playlist_id=None,
        zone=zone,
        start=start % 1440,
        end=(start + length) % 1440,
        created_at=float(number),
        **more,
    )


def busy(count: int = COUNT) -> list[Entry]:
    """Half an hour to four on any days of the week, in two zones: some twenty are due at a time."""
    chance = Random(1)
    return [
        made(
            number,
            30 * chance.randrange(48),
            chance.choice((30, 60, 120, 240)),
            chance.choice(ZONES),
            weekdays=chance.randrange(1, 128),
        )
        for number in range(count)
    ]


def around_the_clock() -> list[Entry]:
    return [made(COUNT, 0, 1440, priority=1), *busy(COUNT - 1)]


def far_one_offs() -> list[Entry]:
    """In ten months, and until then nothing."""
    return [
        made(number, 3 * number, 60, dates=frozenset({TODAY + 300 + number % 60}))
        for number in range(COUNT)
    ]


def many_zones() -> list[Entry]:
    zones = sorted(known_zones())[:300]
    return [made(number, 2 * number, 60, zones[number % 300]) for number in range(COUNT)]


def many_dates() -> list[Entry]:
    """366 each, the first in two months."""
    dates = frozenset(range(TODAY + 60, TODAY + 426))
    return [made(number, 2 * number, 60, dates=dates) for number in range(COUNT)]


def past_ranges() -> list[Entry]:
    """Of 300 zones, all over: nothing is found a year ahead and back."""
    zones = sorted(known_zones())[:300]
    range_ = {"first": TODAY - 900, "last": TODAY - 800}
    return [made(n, 2 * n, 60, zones[n % 300], **range_) for n in range(COUNT)]


def all_day() -> list[Entry]:
    """Each loses to each other at some minute."""
    return [made(number, 2 * number, 1440 - number) for number in range(COUNT)]


WORST: dict[str, Callable[[], Sequence[Entry]]] = {
    "one around the clock above 499": around_the_clock,
    "one-offs in ten months": far_one_offs,
    "300 zones": many_zones,
    "366 dates each, in two months": many_dates,
    "300 zones, all over": past_ranges,
    "all day each": all_day,
}


def moments(count: int) -> Iterator[int]:
    """Over the month that begins now."""
    chance = Random(2)
    return (NOW + chance.randrange(31 * 86_400) for _ in range(count))
