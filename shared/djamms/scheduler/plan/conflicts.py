"""Entries that are due while another plays, and times at which none is due."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from djamms.scheduler.plan.contenders import Entry, Rule, decided
from djamms.scheduler.plan.instants import DAY_SECONDS, Instant
from djamms.scheduler.plan.resolver import Plan
from djamms.scheduler.plan.spans import losses, merged
from djamms.scheduler.plan.turns import Turns
from djamms.scheduler.plan.zones import clock_changes

__all__ = ["Clash", "Conflict", "Foreseen", "clock_changes", "conflicts", "foreseen", "gaps"]

type Clash = tuple[Instant, Instant]

DAYS_AHEAD = 14
CHANGES_AHEAD = 366
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
    return _conflicts(entries, [(from_, until)], of).conflicts


def foreseen(entries: Sequence[Entry], from_: Instant, *, of: UUID | None = None) -> Foreseen:
    """Those of the next 14 days, and around each clock change of the next 366."""
    return _conflicts(entries, ahead(entries, from_), of)


def ahead(entries: Sequence[Entry], from_: Instant) -> list[Clash]:
    """The times that `foreseen` looks at."""
    zones = {entry.zone for entry in entries}
    changes = clock_changes(zones, from_, from_ + CHANGES_AHEAD * DAY_SECONDS)
    around = [(max(from_, one - AROUND_CHANGE), one + AROUND_CHANGE) for one in changes]
    return joined([(from_, from_ + DAYS_AHEAD * DAY_SECONDS), *around])


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
    plan, turns = Plan(entries), Turns(times[0][0], times[-1][1])
    pairs, is_cut = _clashes(plan, times)
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
            clashes = pairs[winner, loser]
            # The loser's next day may begin where this one ends.
            if clashes and clashes[-1][1] == start:
                start = clashes.pop()[0]
            clashes.append((start, end))
    return pairs, left == 0
