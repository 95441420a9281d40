"""What plays, when, and why: pure and total. Every instant has one answer."""

from collections.abc import Iterable, Sequence
from itertools import chain, pairwise

from djamms.scheduler.plan.contenders import FOREVER, Contender, Entry, Override, Rule, decided
from djamms.scheduler.plan.decisions import Decision, Loser, Next, Piece, Segment
from djamms.scheduler.plan.instants import DAY_SECONDS, Instant
from djamms.scheduler.plan.spans import Loss, Span, losses, merged, whole
from djamms.scheduler.plan.timetable import Occurrence, ZoneTable

__all__ = ["Decision", "Loser", "Next", "Piece", "Plan", "Segment", "resolve"]

# An answer looks ahead and back step by step, for a change is nearly always near; what nothing
# bounds within a year is said to be open.
HOUR = 3600
YEAR = 366 * DAY_SECONDS
WEEK = 8 * DAY_SECONDS
STEPS = (0, HOUR, 6 * HOUR, DAY_SECONDS, *range(WEEK, YEAR, 30 * DAY_SECONDS), YEAR)
NEVER = 2**62


class Plan:
    """All entries and overrides, in the order in which they win."""

    def __init__(self, contenders: Iterable[Contender]) -> None:
        self.contenders: Sequence[Contender] = sorted(contenders, key=lambda one: one.rank)
        self._overrides: list[Occurrence] = []
        self._zones: dict[str, ZoneTable] = {}
        self._rules: dict[tuple[int, int], Rule] = {}
        for place, one in enumerate(self.contenders):
            if isinstance(one, Override):
                end = NEVER if one.ends_at is None else one.ends_at
                self._overrides.append((one.starts_at, end, place))
            else:
                self._zone(one.zone).add(place, one)

    def _zone(self, name: str) -> ZoneTable:
        return self._zones.get(name) or self._zones.setdefault(name, ZoneTable(name))

    def occurrences(self, from_: Instant, until: Instant, limit: int = FOREVER) -> list[Occurrence]:
        """All that overlap [from_, until), of the places before the limit, by start."""
        found = [
            one for one in self._overrides if one[0] < until and one[1] > from_ and one[2] < limit
        ]
        for table in self._zones.values():
            if table.best < limit:
                found.extend(chain.from_iterable(table.occurrences(from_, until, limit)))
        found.sort()
        return whole(found)

    def spans(self, from_: Instant, until: Instant, limit: int = FOREVER) -> list[Span]:
        return list(merged(self.occurrences(from_, until, limit), from_, until))

    def resolve(self, instant: Instant) -> Decision:
        due = sorted(place for _, _, place in self.occurrences(instant, instant + 1))
        winner, rule = self._decide(due)
        place = due[0] if due else None
        until = self._until(instant, place)
        return Decision(
            winner=winner,
            rule=rule,
            losers=tuple(Loser(self.contenders[one], self._rule(due[0], one)) for one in due[1:]),
            from_=self._from(instant, place),
            until=until,
            next=None if until is None else self._next(until),
        )

    # Who wins at an instant stays the winner for as long as it is due and nobody better is: those
    # behind it need no look.

    def _until(self, instant: Instant, place: int | None) -> Instant | None:
        for near, far in pairwise(STEPS):
            for start, _, winner in self.spans(instant + near, instant + far, _limit(place)):
                if winner != place:
                    return start
        return None

    def _from(self, instant: Instant, place: int | None) -> Instant | None:
        for near, far in pairwise(STEPS):
            for _, end, winner in reversed(
                self.spans(instant - far, instant - near, _limit(place))
            ):
                if winner != place:
                    return end
        return None

    def _next(self, instant: Instant) -> Next | None:
        """The first time from then on that an entry wins."""
        for near, far in pairwise(STEPS):
            for start, _, place in self.spans(instant + near, instant + far):
                winner = None if place is None else self.contenders[place]
                if isinstance(winner, Entry):
                    return Next(winner, start)
        return None

    def timeline(self, from_: Instant, until: Instant) -> list[Segment]:
        """All of [from_, until), without a hole."""
        found = self.occurrences(from_, until)
        spans = list(merged(found, from_, until))
        lost: list[list[Loss]] = [[] for _ in spans]
        for loss in losses(found, spans):
            lost[loss[0]].append(loss)
        return [self._segment(*both) for both in zip(spans, lost, strict=True)]

    def _decide(self, due: Sequence[int]) -> tuple[Contender | None, Rule]:
        """Of those that are due, best first."""
        if not due:
            return None, Rule.DEFAULT
        winner = self.contenders[due[0]]
        rule = self._alone(winner) if len(due) == 1 else self._rule(due[0], due[1])
        return winner, rule

    def _alone(self, winner: Contender) -> Rule:
        if isinstance(winner, Override):
            return Rule.EMERGENCY_STOP if winner.is_stop else Rule.OVERRIDE
        return Rule.ONLY

    def _rule(self, winner: int, loser: int) -> Rule:
        key = (winner, loser)
        rule = self._rules.get(key)
        if rule is None:
            rule = decided(self.contenders[winner], self.contenders[loser])
            self._rules[key] = rule
        return rule

    def _segment(self, span: Span, lost: Sequence[Loss]) -> Segment:
        start, end, place = span
        if place is None:
            return Segment(start, end, None, Rule.DEFAULT, ())
        winner, contenders, rule_of = self.contenders[place], self.contenders, self._rule
        losers = tuple(
            [
                Piece(contenders[one], rule_of(place, one), from_, until)
                for _, one, from_, until in lost
            ]
        )
        best = min((loss[1] for loss in lost), default=None)
        rule = self._alone(winner) if best is None else rule_of(place, best)
        return Segment(start, end, winner, rule, losers)


def _limit(place: int | None) -> int:
    return FOREVER if place is None else place + 1


def resolve(contenders: Iterable[Contender], instant: Instant) -> Decision:
    return Plan(contenders).resolve(instant)
