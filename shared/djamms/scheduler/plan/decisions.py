"""What a plan answers."""

from dataclasses import dataclass
from typing import NamedTuple

from djamms.scheduler.plan.contenders import Contender, Entry, Rule
from djamms.scheduler.plan.instants import Instant


@dataclass(frozen=True, slots=True)
class Loser:
    contender: Contender
    reason: Rule


class Piece(NamedTuple):
    """A loser's time within a segment. There are tens of thousands in a month."""

    contender: Contender
    reason: Rule
    from_: Instant
    until: Instant


@dataclass(frozen=True, slots=True)
class Segment:
    """One winner, or nothing (None) that is due, for as long as it holds. Losers by their start.
    `rule` is by which it beat the best of them."""

    from_: Instant
    until: Instant
    winner: Contender | None
    rule: Rule
    losers: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Next:
    winner: Entry
    from_: Instant


@dataclass(frozen=True, slots=True)
class Decision:
    """At one instant. `from_` and `until` bound the time for which the winner holds; None where no
    change is in sight, which is a year. Losers are those that are due as well, best first. `next`
    is the next time that an entry wins, whatever comes between."""

    winner: Contender | None
    rule: Rule
    losers: tuple[Loser, ...]
    from_: Instant | None
    until: Instant | None
    next: Next | None
