"""Whether two entries meet for no other reason than that a clock changes."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from djamms.scheduler.plan.contenders import Entry
from djamms.scheduler.plan.instants import DAY_SECONDS, Instant, day_of, midnight
from djamms.scheduler.plan.timetable import at
from djamms.scheduler.plan.zones import clock_changes, offset_at

# A change moves what begins or ends within so long of it: no clock has been moved further since
# Samoa crossed the date line in 2011.
MOST_MOVED = 3 * 3600
FURTHEST = DAY_SECONDS + MOST_MOVED

type Clash = tuple[Instant, Instant]


class Turns:
    """Of the zones' clocks, over some time."""

    def __init__(self, zones: Iterable[str], from_: Instant, until: Instant) -> None:
        self._from, self._until = from_ - FURTHEST, until + FURTHEST
        self._all = clock_changes(zones, self._from, self._until)
        self._changes: dict[frozenset[str], list[Instant]] = {}

    def explain(self, one: Entry, other: Entry, clashes: Sequence[Clash]) -> bool:
        """Whether without them the two would not meet in any of the clashes."""
        if not _near(self._all, clashes[0][0], FURTHEST):  # as nearly always
            return False
        changes = self._of(one.zone, other.zone)
        reach = max(one.length, other.length) * 60 + MOST_MOVED
        near = [_near(changes, start, reach) for start, _ in clashes]
        return all(near) and all(
            any(_only_by(change, one, other, start) for change in around)
            for around, (start, _) in zip(near, clashes, strict=True)
        )

    def _of(self, *zones: str) -> list[Instant]:
        key = frozenset(zones)
        if key not in self._changes:
            self._changes[key] = clock_changes(key, self._from, self._until)
        return self._changes[key]


def _near(changes: Sequence[Instant], instant: Instant, reach: int) -> Sequence[Instant]:
    first = bisect_left(changes, instant - reach)
    return changes[first : bisect_left(changes, instant + reach, first)]


def _only_by(change: Instant, one: Entry, other: Entry, instant: Instant) -> bool:
    """Whether what is due of each at the instant would not meet any of the other's, neither on
    clocks that stay as they are before the change nor on clocks that always were as after it."""
    return not any(
        start < far and near < end and (is_due or is_other_due)
        for moment in (change - 1, change)
        for start, end, is_due in _on_clocks_of(moment, one, instant)
        for near, far, is_other_due in _on_clocks_of(moment, other, instant)
    )


def _on_clocks_of(
    moment: Instant, entry: Entry, instant: Instant
) -> Iterator[tuple[Instant, Instant, bool]]:
    """From and until if the zone's offset was always the moment's, on the days around an instant;
    and whether it is due at the instant, as clocks are."""
    offset = offset_at(entry.zone, moment)
    start, end = entry.start * 60, (entry.start + entry.length) * 60
    for day in range(day_of(instant) - 2, day_of(instant) + 3):
        if entry.is_on(day):
            base = midnight(day) - offset
            is_due = at(entry.zone, day, start) <= instant < at(entry.zone, day, end)
            yield base + start, base + end, is_due
