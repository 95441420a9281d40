"""What plays, when, and why: pure and total. Every instant has one answer."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from djamms.scheduler.plan.contenders import Contender, Entry, Override, Rule, decided
from djamms.scheduler.plan.instants import DAY_SECONDS, Day, Instant, day_of, instant_at, weekday

# How far ahead and back an answer looks for a change, in days: what nothing bounds within the last
# is said to be open. The first is nearly always enough.
LOOKS = (1, 8, 366)
# A date's own entries may begin 14 hours before it in UTC and end two days after its end.
BEFORE, AFTER = 3, 1
NEVER = 2**62

# Start, end and place among the contenders, of which the smaller wins.
type Occurrence = tuple[Instant, Instant, int]
type Span = tuple[Instant, Instant, int | None]


@dataclass(frozen=True, slots=True)
class Loser:
    contender: Contender
    reason: Rule


@dataclass(frozen=True, slots=True)
class Piece:
    """A loser's time within a segment."""

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
    winner: Contender
    from_: Instant


@dataclass(frozen=True, slots=True)
class Decision:
    """At one instant. `from_` and `until` bound the time for which the winner holds; None where no
    change is in sight, which is a year. Losers are those that are due as well, best first."""

    winner: Contender | None
    rule: Rule
    losers: tuple[Loser, ...]
    from_: Instant | None
    until: Instant | None
    next: Next | None


class Plan:
    """All entries and overrides, in the order in which they win."""

    def __init__(self, contenders: Iterable[Contender]) -> None:
        self.contenders: Sequence[Contender] = sorted(contenders, key=lambda one: one.rank)
        self._overrides: list[Occurrence] = []
        self._weekly: dict[str, list[list[tuple[int, Entry]]]] = {}
        self._dated: dict[str, dict[Day, list[tuple[int, Entry]]]] = {}
        for place, one in enumerate(self.contenders):
            if isinstance(one, Override):
                end = NEVER if one.ends_at is None else one.ends_at
                self._overrides.append((one.starts_at, end, place))
            else:
                self._add(place, one)

    def _add(self, place: int, entry: Entry) -> None:
        if entry.dates:
            dated = self._dated.setdefault(entry.zone, defaultdict(list))
            for day in entry.dates:
                dated[day].append((place, entry))
            return
        weekly = self._weekly.setdefault(entry.zone, [[] for _ in range(7)])
        for number in range(7):
            if entry.weekdays >> number & 1:
                weekly[number].append((place, entry))

    def occurrences(self, from_: Instant, until: Instant) -> list[Occurrence]:
        """All that overlap [from_, until), by start."""
        found = [one for one in self._overrides if one[0] < until and one[1] > from_]
        days = range(day_of(from_) - BEFORE, day_of(until) + AFTER + 1)
        for zone in self._weekly.keys() | self._dated.keys():
            for day in days:
                for place, entry in self._on(zone, day):
                    start = instant_at(zone, day, entry.start)
                    end = instant_at(zone, day + (entry.end <= entry.start), entry.end)
                    # One that a clock change turns round (02:30 to 03:15 where 02:00 to 03:00 is
                    # left out) does not happen that day.
                    if start < until and end > from_ and start < end:
                        found.append((start, end, place))
        found.sort()
        return found

    def _on(self, zone: str, day: Day) -> Iterator[tuple[int, Entry]]:
        weekly = self._weekly.get(zone)
        if weekly:
            for item in weekly[weekday(day)]:
                if item[1].is_on(day):
                    yield item
        dated = self._dated.get(zone)
        if dated and day in dated:
            for item in dated[day]:
                if item[1].is_on(day):
                    yield item

    def resolve(self, instant: Instant) -> Decision:
        for days in LOOKS:
            from_, until = instant - days * DAY_SECONDS, instant + days * DAY_SECONDS
            found = self.occurrences(from_, until)
            spans = list(merged(found, from_, until))
            here = next(n for n, span in enumerate(spans) if span[1] > instant)
            coming = next((span for span in spans[here + 1 :] if span[2] is not None), None)
            if coming and here:
                break
        due = sorted(place for start, end, place in found if start <= instant < end)
        winner, rule = self._decide(due)
        ahead = spans[here + 1 :]
        return Decision(
            winner=winner,
            rule=rule,
            losers=tuple(self._losers(due)),
            from_=spans[here][0] if here else None,
            until=spans[here][1] if ahead else None,
            next=Next(self.contenders[coming[2]], coming[0]) if coming else None,  # type: ignore[index]
        )

    def timeline(self, from_: Instant, until: Instant) -> list[Segment]:
        """All of [from_, until), without a hole."""
        found = self.occurrences(from_, until)
        spans = list(merged(found, from_, until))
        pieces = self._pieces(found, spans)
        return [self._segment(span, pieces[n]) for n, span in enumerate(spans)]

    def _decide(self, due: Sequence[int]) -> tuple[Contender | None, Rule]:
        """Of those that are due, best first."""
        if not due:
            return None, Rule.DEFAULT
        winner = self.contenders[due[0]]
        if len(due) == 1:
            return winner, self._alone(winner)
        return winner, decided(winner, self.contenders[due[1]])

    def _alone(self, winner: Contender) -> Rule:
        if isinstance(winner, Override):
            return Rule.EMERGENCY_STOP if winner.is_stop else Rule.OVERRIDE
        return Rule.ONLY

    def _losers(self, due: Sequence[int]) -> Iterator[Loser]:
        for place in due[1:]:
            one = self.contenders[place]
            yield Loser(one, decided(self.contenders[due[0]], one))

    def _pieces(
        self, found: Sequence[Occurrence], spans: Sequence[Span]
    ) -> list[list[tuple[int, Instant, Instant]]]:
        """By span, what was due in it and did not win: place, from, until."""
        pieces: list[list[tuple[int, Instant, Instant]]] = [[] for _ in spans]
        first = 0
        for start, end, place in found:
            while spans[first][1] <= start:
                first += 1
            n = first
            while n < len(spans) and spans[n][0] < end:
                span = spans[n]
                if span[2] != place:
                    pieces[n].append((place, max(start, span[0]), min(end, span[1])))
                n += 1
        return pieces

    def _segment(self, span: Span, pieces: Sequence[tuple[int, Instant, Instant]]) -> Segment:
        start, end, place = span
        if place is None:
            return Segment(start, end, None, Rule.DEFAULT, ())
        winner = self.contenders[place]
        losers = tuple(
            Piece(self.contenders[one], decided(winner, self.contenders[one]), from_, until)
            for one, from_, until in pieces
        )
        best = min((one for one, _, _ in pieces), default=None)
        rule = self._alone(winner) if best is None else decided(winner, self.contenders[best])
        return Segment(start, end, winner, rule, losers)


def merged(found: Sequence[Occurrence], from_: Instant, until: Instant) -> Iterator[Span]:
    """Who wins when, in [from_, until), of occurrences by start: each winner's time in one."""
    start, winner = from_, None
    for begin, place in changes(found, from_, until):
        if place != winner:
            if begin > start:
                yield start, begin, winner
            start, winner = begin, place
    yield start, until, winner


def changes(
    found: Sequence[Occurrence], from_: Instant, until: Instant
) -> Iterator[tuple[Instant, int | None]]:
    """Each instant at which somebody begins or the winner ends, and the winner from then on."""
    due: list[tuple[int, Instant]] = []
    instant, coming = from_, 0
    while instant < until:
        while coming < len(found) and found[coming][0] <= instant:
            heappush(due, (found[coming][2], found[coming][1]))
            coming += 1
        while due and due[0][1] <= instant:
            heappop(due)
        yield instant, due[0][0] if due else None
        ends = due[0][1] if due else until
        begins = found[coming][0] if coming < len(found) else until
        instant = min(ends, begins)


def resolve(contenders: Iterable[Contender], instant: Instant) -> Decision:
    return Plan(contenders).resolve(instant)
