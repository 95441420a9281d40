"""Around clock changes, against the oracle: every zone whose clocks do as no other's."""

from datetime import datetime, timedelta
from functools import lru_cache
from random import Random

import pytest

from djamms.scheduler.plan.contenders import Entry
from djamms.scheduler.plan.instants import instant_of, moment_of
from djamms.scheduler.plan.zones import clock_changes, known_zones, offset_at
from tests.support.plan_oracle import utc
from tests.support.plans import agrees, entry

FROM, UNTIL = instant_of(utc(2024, 1, 1)), instant_of(utc(2029, 1, 1))
AROUND = timedelta(hours=24)
OTHERS = ("UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata")


@lru_cache(maxsize=1)
def zones() -> dict[str, list[int]]:
    """One of those whose clocks show the same in the five years, with its changes."""
    found: dict[tuple[object, ...], tuple[str, list[int]]] = {}
    for zone in sorted(known_zones()):
        changes = clock_changes([zone], FROM, UNTIL)
        rules = (*((at, offset_at(zone, at)) for at in changes), offset_at(zone, FROM))
        found.setdefault(rules, (zone, changes))
    return dict(found.values())


def test_every_zone_around_every_change_of_five_years() -> None:
    changes = [(zone, change) for zone, found in zones().items() for change in found]

    assert len(changes) > 300
    for zone, change in changes:
        at = moment_of(change - change % 60)
        agrees(around(zone, at, Random(f"{zone}{change}")), at - AROUND, at + AROUND)


@pytest.mark.parametrize("zone", [zone for zone in zones() if not zones()[zone]])
def test_zones_without_changes(zone: str) -> None:
    chance = Random(zone)
    at = utc(chance.randint(2024, 2028), chance.randint(1, 12), chance.randint(1, 28))

    agrees(around(zone, at, chance), at, at + AROUND)


def around(zone: str, at: datetime, chance: Random) -> list[Entry]:
    """Entries that begin and end at minutes near those the clocks show at the change."""
    shown = at + timedelta(seconds=offset_at(zone, instant_of(at) - 1))
    near = [
        (shown + timedelta(minutes=15 * quarters)).strftime("%H:%M") for quarters in range(-16, 17)
    ]
    return [
        entry(
            n,
            chance.choice(near),
            chance.choice(near),
            zone if n % 4 else chance.choice(OTHERS),
            weekdays=chance.choice((127, chance.randint(1, 127))),
            priority=chance.choice((0, 0, 0, 1)),
        )
        for n in range(1, 9)
    ]
