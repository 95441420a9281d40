"""What may play, and who goes first."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from djamms.scheduler.plan.instants import DAY_MINUTES, Day, Instant, weekday

EVERY_DAY = 0b1111111
FOREVER = 10**9


class Rule(StrEnum):
    """Why what plays won, first to last. The first rule in which two differ decides."""

    EMERGENCY_STOP = "emergencyStop"
    OVERRIDE = "override"
    ONE_OFF = "oneOff"
    HIGHER_PRIORITY = "higherPriority"
    # Shorter; then of fewer days in all, by its range of dates; then on fewer days of the week.
    NARROWER = "narrower"
    NEWER = "newer"
    # Of two that nothing else tells apart: the smaller id, so that the answer is always the same.
    IDENTIFIER = "identifier"
    # Nothing else was due.
    ONLY = "only"
    DEFAULT = "default"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """Plays one playlist from one instant until another, or until cancelled; without a playlist
    it is an emergency stop if `is_stop`, else the default plays."""

    id: UUID
    playlist_id: UUID | None
    starts_at: Instant
    ends_at: Instant | None
    created_at: float
    is_stop: bool = False
    # For whoever reads the answer; the resolver does not look at them.
    title: str = ""
    playlist: str = ""

    @property
    def rank(self) -> tuple[float | str, ...]:
        kind = 0 if self.is_stop else 1
        return (kind, 0, 0, 0, 0, 0, -self.created_at, str(self.id))


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Plays one playlist on days of the week, or, where `dates` are given, on those alone.

    `start` and `end` are minutes since midnight on the clocks of `zone`; an end at or before the
    start is on the next day, so that equal ones are a whole day. `weekdays` has bit 0 for Monday.
    `first` and `last` are included. No time on a date of `except_dates`.
    """

    id: UUID
    playlist_id: UUID | None
    zone: str
    start: int
    end: int
    created_at: float
    weekdays: int = EVERY_DAY
    first: Day | None = None
    last: Day | None = None
    dates: frozenset[Day] = frozenset()
    except_dates: frozenset[Day] = frozenset()
    priority: int = 0
    title: str = ""
    playlist: str = ""

    @cached_property
    def length(self) -> int:
        """In minutes, on a day without a clock change."""
        return (self.end - self.start) % DAY_MINUTES or DAY_MINUTES

    @cached_property
    def rank(self) -> tuple[float | str, ...]:
        """The smaller is the winner. The places are those of RULES."""
        bounded = self.first is not None and self.last is not None
        days = len(self.dates) or (self.last - self.first + 1 if bounded else FOREVER)  # type: ignore[operator]
        one_off = 0 if self.dates else 1
        weekdays = self.weekdays.bit_count()
        narrow = (self.length, days, weekdays)
        return (2, one_off, -self.priority, *narrow, -self.created_at, str(self.id))

    def is_on(self, day: Day) -> bool:
        """Whether it begins on that date."""
        if day in self.except_dates:
            return False
        if self.dates:
            return day in self.dates
        is_before = self.first is not None and day < self.first
        is_after = self.last is not None and day > self.last
        return bool(self.weekdays >> weekday(day) & 1) and not is_before and not is_after


type Contender = Entry | Override

# Of each place in `rank`. In the first, what wins says which.
RULES = (
    Rule.OVERRIDE,
    Rule.ONE_OFF,
    Rule.HIGHER_PRIORITY,
    Rule.NARROWER,
    Rule.NARROWER,
    Rule.NARROWER,
    Rule.NEWER,
    Rule.IDENTIFIER,
)


def decided(winner: Contender, loser: Contender) -> Rule:
    """The rule by which one goes before the other."""
    if isinstance(winner, Override):
        return Rule.EMERGENCY_STOP if winner.is_stop else Rule.OVERRIDE
    for rule, ours, theirs in zip(RULES, winner.rank, loser.rank, strict=True):
        if ours != theirs:
            return rule
    return Rule.IDENTIFIER
