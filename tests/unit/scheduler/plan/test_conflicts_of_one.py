"""What one entry has part in is what it has part in among all."""

from datetime import datetime

from hypothesis import given

from djamms.scheduler.plan.conflicts import conflicts
from djamms.scheduler.plan.contenders import Entry
from djamms.scheduler.plan.instants import DAY_SECONDS, instant_of
from tests.unit.scheduler.plan.test_any_plan import MANY, plans


@MANY
@given(plans())
def test_those_of_each_are_those_of_all(plan: tuple[datetime, list[Entry]]) -> None:
    at, entries = plan
    from_, until = instant_of(at) - 8 * DAY_SECONDS, instant_of(at) + 8 * DAY_SECONDS

    of_all = conflicts(entries, from_, until)

    for entry in entries:
        own = [one for one in of_all if entry.id in (one.winner.id, one.loser.id)]
        assert conflicts(entries, from_, until, of=entry.id) == own
