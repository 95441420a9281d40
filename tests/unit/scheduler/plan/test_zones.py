import zoneinfo
from itertools import pairwise

import pytest

from djamms.scheduler.plan.instants import instant_of
from djamms.scheduler.plan.zones import STEP, clock, clock_changes, known_zones, offset_at
from tests.support.plan_oracle import utc


def test_zones_do_not_come_from_the_machine() -> None:
    paths = zoneinfo.TZPATH
    zoneinfo.reset_tzpath(to=["/nowhere"])
    try:
        clock.cache_clear()
        assert offset_at("Europe/Lisbon", instant_of(utc(2026, 7, 1))) == 3600
    finally:
        zoneinfo.reset_tzpath(to=paths)


def test_all_known_zones_can_be_read() -> None:
    assert len(known_zones()) > 400
    assert {clock(zone).key for zone in known_zones()} == known_zones()


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "", "europe/lisbon"])
def test_an_unknown_zone_is_read_as_utc(zone: str) -> None:
    assert zone not in known_zones()
    assert offset_at(zone, instant_of(utc(2026, 7, 1))) == 0


def test_changes_are_the_instants_at_which_the_offset_differs() -> None:
    year = instant_of(utc(2026, 1, 1)), instant_of(utc(2027, 1, 1))

    found = clock_changes(["Europe/Lisbon", "Europe/Berlin", "UTC", "America/New_York"], *year)

    expected = [utc(2026, 3, 8, 7), utc(2026, 3, 29, 1), utc(2026, 10, 25, 1), utc(2026, 11, 1, 6)]
    assert found == [instant_of(one) for one in expected]


def test_from_is_included_and_until_is_not() -> None:
    change = instant_of(utc(2026, 3, 29, 1))

    assert clock_changes(["Europe/Lisbon"], change, change + 1) == [change]
    assert clock_changes(["Europe/Lisbon"], change - 9, change) == []


def test_no_change_hides_another_in_the_same_step() -> None:
    """Each day of the years around now is looked at, in all zones that differ in them."""
    from_, until = instant_of(utc(2023, 1, 1)), instant_of(utc(2032, 1, 1))
    changes = {tuple(clock_changes([zone], from_, until)): zone for zone in known_zones()}

    for found, zone in changes.items():
        daily = [(at, offset_at(zone, at)) for at in range(from_, until, 86_400)]
        changed = [later[0] for one, later in pairwise(daily) if one[1] != later[1]]
        assert [-(at // -86_400) * 86_400 for at in found] == changed, zone


def test_no_zone_changes_twice_within_a_step() -> None:
    from_, until = instant_of(utc(2015, 1, 1)), instant_of(utc(2038, 1, 1))

    for zone in known_zones():
        found = clock_changes([zone], from_, until)
        assert all(later - one > STEP for one, later in pairwise(found)), zone
