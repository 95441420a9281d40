"""Entries that are due while another plays, and times at which none is due."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from djamms.scheduler.plan.contenders import Entry, Rule, decided
from djamms.scheduler.plan.instants import DAY_SECONDS, Instant
from djamms.scheduler.plan.resolver import Plan
from djamms.scheduler.plan.zones import clock_changes

__all__ = ["Conflict", "clock_changes", "conflicts", "foreseen", "gaps"]

type Clash = tuple[Instant, Instant]

DAYS_AHEAD = 14
CHANGES_AHEAD = 366
AROUND_CHANGE = 2 * DAY_SECONDS


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two entries of which one plays while the other is due: when, all times in order."""

    winner: Entry
    loser: Entry
    rule: Rule
    clashes: tuple[Clash, ...]
    only_on_clock_change: bool


def conflicts(
    entries: Sequence[Entry], from_: Instant, until: Instant, *, of: UUID | None = None
) -> list[Conflict]:
    """Those in [from_, until), the first to come first; with `of` those that entry has part in."""
    return _conflicts(Plan(entries), [(from_, until)], of)


def foreseen(entries: Sequence[Entry], from_: Instant, *, of: UUID | None = None) -> list[Conflict]:
    """Those of the next 14 days, and around each clock change of the next 366."""
    return _conflicts(Plan(entries), ahead(entries, from_), of)


def ahead(entries: Sequence[Entry], from_: Instant) -> list[Clash]:
    """The times that `foreseen` looks at."""
    zones = {entry.zone for entry in entries}
    changes = clock_changes(zones, from_, from_ + CHANGES_AHEAD * DAY_SECONDS)
    around = [(max(from_, one - AROUND_CHANGE), one + AROUND_CHANGE) for one in changes]
    return joined([(from_, from_ + DAYS_AHEAD * DAY_SECONDS), *around])


def gaps(plan: Plan, from_: Instant, until: Instant) -> list[tuple[Instant, Instant]]:
    """When nothing is due."""
    return [(one.from_, one.until) for one in plan.timeline(from_, until) if one.winner is None]


def joined(times: Sequence[Clash]) -> list[Clash]:
    """In order, those that touch or overlap as one."""
    found: list[Clash] = []
    for from_, until in sorted(times):
        if found and from_ <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((from_, until))
    return found


def _conflicts(plan: Plan, windows: Sequence[Clash], of: UUID | None) -> list[Conflict]:
    pairs: dict[tuple[Entry, Entry], list[Clash]] = defaultdict(list)
    for from_, until in windows:
        for segment in plan.timeline(from_, until):
            for piece in segment.losers:
                winner, loser = segment.winner, piece.contender
                assert isinstance(winner, Entry)
                assert isinstance(loser, Entry)
                if of in (None, winner.id, loser.id):
                    pairs[winner, loser].append((piece.from_, piece.until))
    found = [
        Conflict(winner, loser, decided(winner, loser), tuple(joined(clashes)), False)
        for (winner, loser), clashes in pairs.items()
    ]
    return sorted(found, key=lambda one: one.clashes[0])
