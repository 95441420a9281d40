"""From who is due when to who wins when, by sweeping over the beginnings and ends."""

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush

from djamms.scheduler.plan.instants import Instant
from djamms.scheduler.plan.timetable import Occurrence

type Span = tuple[Instant, Instant, int | None]
# Number of the span, place of the loser, from, until.
type Loss = tuple[int, int, Instant, Instant]


def whole(found: Sequence[Occurrence]) -> list[Occurrence]:
    """Of occurrences by start, those of one contender that touch as one. They may overlap: daily
    from 03:05 to 02:45 ends at 03:45 on the night on which 02:45 is left out."""
    one_of: dict[int, int] = {}
    kept: list[Occurrence] = []
    for occurrence in found:
        start, end, place = occurrence
        number = one_of.get(place)
        if number is not None and kept[number][1] >= start:
            earlier = kept[number]
            kept[number] = (earlier[0], max(earlier[1], end), place)
        else:
            one_of[place] = len(kept)
            kept.append(occurrence)
    return kept


def merged(found: Sequence[Occurrence], from_: Instant, until: Instant) -> Iterator[Span]:
    """Who wins when, in [from_, until), of occurrences by start: each winner's time in one."""
    start, winner = from_, None
    for begin, place in _changes(found, from_, until):
        if place != winner:
            if begin > start:
                yield start, begin, winner
            start, winner = begin, place
    yield start, until, winner


def _changes(
    found: Sequence[Occurrence], from_: Instant, until: Instant
) -> Iterator[tuple[Instant, int | None]]:
    """Each instant at which somebody begins or the winner ends, and the winner from then on."""
    due: list[tuple[int, Instant]] = []
    instant, coming, count = from_, 0, len(found)
    while instant < until:
        while coming < count and found[coming][0] <= instant:
            heappush(due, (found[coming][2], found[coming][1]))
            coming += 1
        while due and due[0][1] <= instant:
            heappop(due)
        yield instant, due[0][0] if due else None
        ends = due[0][1] if due else until
        begins = found[coming][0] if coming < count else until
        instant = min(ends, begins)


def losses(found: Sequence[Occurrence], spans: Sequence[Span]) -> Iterator[Loss]:
    """What was due in a span that another won, by the start of its occurrence."""
    first, count = 0, len(spans)
    for start, end, place in found:
        while spans[first][1] <= start:
            first += 1
        n = first
        while n < count:
            from_, until, winner = spans[n]
            if from_ >= end:
                break
            if winner != place:
                yield n, place, max(start, from_), min(end, until)
            n += 1
