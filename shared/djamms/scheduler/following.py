"""What became current since a zone's plan was last followed: pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from djamms.scheduler.plan.contenders import Contender, Entry, Override
from djamms.scheduler.plan.instants import Instant, instant_of, moment_of
from djamms.scheduler.plan.resolver import Plan
from djamms.scheduler.playing import playlist_of, rule_of, source_of
from djamms.scheduler.venue import Venue

# A tick is due each minute and may be called late itself: what is found later was missed.
MISSED_AFTER = timedelta(seconds=90)
# So far back each boundary is made good. What was before that is one row.
CATCH_UP = timedelta(days=7)
# Machines' clocks differ by less: within it a zone's time stands still rather than go back.
SKEW = timedelta(seconds=60)
INSTANT = timedelta(microseconds=1)

# Source, entry, override and playlist: two that are equal sound the same.
type Plays = tuple[str, UUID | None, UUID | None, UUID | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Current:
    """`until` as it was planned at `at`; None where no change was in sight."""

    at: datetime
    until: datetime | None
    source: str
    rule: str
    entry_id: UUID | None
    override_id: UUID | None
    title: str
    playlist_id: UUID | None
    playlist: str
    is_missed: bool

    @property
    def plays(self) -> Plays:
        return self.source, self.entry_id, self.override_id, self.playlist_id


@dataclass(frozen=True, slots=True)
class Span:
    """To be followed: what begins in (since, now]. `is_cut`: there was more before it; `went_back`:
    the clock, by more than clocks differ."""

    since: datetime
    now: datetime
    is_cut: bool = False
    went_back: bool = False


def span_of(followed: datetime, now: datetime) -> Span:
    if now > followed:
        oldest = now - CATCH_UP
        return Span(max(followed, oldest), now, is_cut=followed < oldest)
    if followed - now <= SKEW:
        return Span(followed, followed + INSTANT)
    return Span(now, now, went_back=True)


def follow(venue: Venue, span: Span, *, last: Plays | None) -> Iterator[Current]:
    """In order. `last` is what became current last, None if nothing ever did. What holds now for
    no boundary's sake, because somebody has changed the plan, is current from now on."""
    plan = venue.plan()
    for instant in boundaries(plan, span):
        found = current(venue, plan, instant, span, at=moment_of(instant))
        if found.plays != last:
            yield found
            last = found.plays
    here = current(venue, plan, instant_of(span.now), span, at=span.now)
    if here.plays != last:
        yield here


def next_change(venue: Venue, span: Span) -> datetime | None:
    """When what plays now ends by the plan."""
    until = venue.plan().resolve(instant_of(span.now)).until
    return None if until is None else moment_of(until)


def boundaries(plan: Plan, span: Span) -> Iterator[Instant]:
    """Of a span that is cut its beginning as well: what held then stands for all before."""
    segments = plan.timeline(instant_of(span.since), instant_of(span.now) + 1)
    for segment in segments[0 if span.is_cut else 1 :]:
        yield segment.from_


def current(venue: Venue, plan: Plan, instant: Instant, span: Span, *, at: datetime) -> Current:
    decision = plan.resolve(instant)
    winner = decision.winner
    playlist = playlist_of(venue, winner)
    return Current(
        at=at,
        until=None if decision.until is None else moment_of(decision.until),
        source=source_of(venue, winner),
        rule=rule_of(venue, winner, decision.rule),
        entry_id=winner.id if isinstance(winner, Entry) else None,
        override_id=winner.id if isinstance(winner, Override) else None,
        title=title_of(winner),
        playlist_id=playlist.id if playlist else None,
        playlist=playlist.name if playlist else "",
        is_missed=span.now - at > MISSED_AFTER,
    )


def title_of(winner: Contender | None) -> str:
    return winner.title if winner else ""
