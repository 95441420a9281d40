"""Entries that are due while another plays, and times at which none is due."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from djamms.scheduler.plan.contenders import Entry, Rule, decided
from djamms.scheduler.plan.instants import DAY_SECONDS, Instant, midnight
from djamms.scheduler.plan.resolver import Plan
from djamms.scheduler.plan.spans import losses, merged
from djamms.scheduler.plan.turns import Turns
from djamms.scheduler.plan.zones import clock_changes

__all__ = ["Clash", "Conflict", "Foreseen", "between", "clock_changes", "conflicts", "foreseen"]
__all__ += ["gaps"]

type Clash = tuple[Instant, Instant]

AHEAD, FAR_AHEAD = 14 * DAY_SECONDS, 366 * DAY_SECONDS
AROUND_CHANGE = 2 * DAY_SECONDS
# Of hundreds of entries that are due all day each loses at every turn: after so many it is enough.
MOST_LOSSES = 100_000


class Conflict(NamedTuple):
    """Two entries of which one plays while the other is due: when, all times in order.
    `only_on_clock_change`: they would not meet if no clock changed."""

    winner: Entry
    loser: Entry
    rule: Rule
    clashes: tuple[Clash, ...]
    only_on_clock_change: bool


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Conflicts, the first to come first, and the times that were looked at. `is_cut` where there
    are too many to look at all of those."""

    conflicts: list[Conflict]
    times: list[Clash]
    is_cut: bool


def conflicts(
    entries: Sequence[Entry], from_: Instant, until: Instant, *, of: UUID | None = None
) -> list[Conflict]:
    """Those in [from_, until), the first to come first; with `of` those that entry has part in."""
    return between(entries, from_, until, of=of).conflicts


def between(
    entries: Sequence[Entry], from_: Instant, until: Instant, *, of: UUID | None = None
) -> Foreseen:
    """The same, and whether that is all."""
    return _conflicts(entries, [(from_, until)], of)


def foreseen(entries: Sequence[Entry], from_: Instant, *, of: UUID | None = None) -> Foreseen:
    """Those of the next 14 days, and around each clock change of the next 366; with `of` those
    that entry has part in, also on its own dates and in the 14 days after its first."""
    zones = {entry.zone for entry in entries}
    far = from_ + FAR_AHEAD
    changes = clock_changes(zones, from_, far)
    times = [(from_, from_ + AHEAD), *((at - AROUND_CHANGE, at + AROUND_CHANGE) for at in changes)]
    own = next((entry for entry in entries if entry.id == of), None)
    if own is not None:
        times += [one for one in _own_times(own) if one[0] < far]
    within = [(max(from_, start), end) for start, end in times if end > from_]
    return _conflicts(entries, joined(within), of)


def _own_times(entry: Entry) -> Iterator[Clash]:
    """Its dates, on whatever clocks, and the nights after them; else the days after its first."""
    for date in entry.dates:
        yield midnight(date - 1), midnight(date + 3)
    if entry.first is not None and not entry.dates:
        yield midnight(entry.first - 1), midnight(entry.first) + AHEAD


def gaps(plan: Plan, from_: Instant, until: Instant) -> list[tuple[Instant, Instant]]:
    """When nothing is due."""
    return [(start, end) for start, end, place in plan.spans(from_, until) if place is None]


def joined(times: Sequence[Clash]) -> list[Clash]:
    """In order, those that touch or overlap as one."""
    found: list[Clash] = []
    for from_, until in sorted(times):
        if found and from_ <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((from_, until))
    return found


def _conflicts(entries: Sequence[Entry], times: Sequence[Clash], of: UUID | None) -> Foreseen:
    plan = Plan(entries)
    turns = Turns({entry.zone for entry in entries}, times[0][0], times[-1][1])
    pairs, is_cut = _clashes(plan, times if of is None else _while_due(entries, of, times))
    found = []
    for (one, other), clashes in pairs.items():
        winner, loser = plan.contenders[one], plan.contenders[other]
        assert isinstance(winner, Entry)
        assert isinstance(loser, Entry)
        if of in (None, winner.id, loser.id):
            only = turns.explain(winner, loser, clashes)
            found.append(Conflict(winner, loser, decided(winner, loser), tuple(clashes), only))
    found.sort(key=lambda one: one.clashes[0])
    return Foreseen(found, list(times), is_cut)


def _while_due(entries: Sequence[Entry], of: UUID, times: Sequence[Clash]) -> list[Clash]:
    """Of the times those at which that entry is due: of hundreds of others nothing else is asked,
    and none is missed because they are too many."""
    own = Plan([entry for entry in entries if entry.id == of])
    return joined(
        [
            (max(start, from_), min(end, until))
            for from_, until in times
            for start, end, _ in own.occurrences(from_, until)
        ]
    )


def _clashes(plan: Plan, times: Sequence[Clash]) -> tuple[dict[tuple[int, int], list[Clash]], bool]:
    """By the places of winner and loser; and whether there are more than were looked at."""
    pairs: dict[tuple[int, int], list[Clash]] = defaultdict(list)
    left = MOST_LOSSES
    for from_, until in times:
        found = plan.occurrences(from_, until)
        spans = list(merged(found, from_, until))
        for number, loser, start, end in islice(losses(found, spans), left):
            left -= 1
            winner = spans[number][2]
            assert winner is not None  # somebody was due
            pairs[winner, loser].append((start, end))
    return pairs, left == 0
