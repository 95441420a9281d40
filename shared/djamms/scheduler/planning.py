"""What plays at an instant and over a time, and why."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms.scheduler import playing, service, venue
from djamms.scheduler.plan.contenders import Contender, Entry
from djamms.scheduler.plan.instants import DAY_SECONDS, Instant, instant_of, moment_of
from djamms.scheduler.plan.resolver import Decision, Piece, Plan, Segment
from djamms.scheduler.plan_replies import (
    Viewer,
    entry_of,
    minutes,
    override_of,
    playlist_name,
)
from djamms.scheduler.plan_schemas import (
    CurrentReply,
    LoserReply,
    NextReply,
    PieceReply,
    SegmentReply,
    TimelineReply,
)
from djamms.scheduler.ranges import bounds, now
from djamms.scheduler.schemas import ScheduleReply
from djamms.scheduler.venue import Venue
from djamms.security.principal import Principal

# As far back as the resolver looks for the last change.
LOOKED_BACK = timedelta(days=366)
A_WEEK = timedelta(days=7)
# What one reply holds at most: some megabytes.
MOST_SEGMENTS = 5000
MOST_LOSERS = 10_000
SHOWN_LOSERS = 50
# How far a timeline is looked at before it is looked at whole.
LOOKS = (2 * DAY_SECONDS, 8 * DAY_SECONDS, 32 * DAY_SECONDS, 128 * DAY_SECONDS)

type Replies = dict[UUID, ScheduleReply]


def current(database: Database, *, principal: Principal, at: datetime | None) -> CurrentReply:
    """Now, or at any instant as the plan stands today."""
    at = at or now()
    plays, decision = _decided(database, at)
    coming = decision.next
    named = [decision.winner, *(one.contender for one in decision.losers), coming and coming.winner]
    entries = service.read_several(database, {one.id for one in named if isinstance(one, Entry)})
    return _current(plays, decision, at=at, entries=entries, viewer=Viewer(principal))


def _decided(database: Database, at: datetime) -> tuple[Venue, Decision]:
    """Overrides that ended before the last change have no part in it, and there may be thousands
    of a year: they are read only where the last week knows of no change."""
    since = at - A_WEEK
    plays = venue.load(database, since=since)
    decision = plays.plan().resolve(instant_of(at))
    if decision.from_ is None or decision.from_ <= instant_of(since):
        plays = venue.load(database, since=at - LOOKED_BACK)
        decision = plays.plan().resolve(instant_of(at))
    return plays, decision


def _current(
    plays: Venue,
    decision: Decision,
    *,
    at: datetime,
    entries: Replies,
    viewer: Viewer,
) -> CurrentReply:
    winner = decision.winner
    losers = [
        LoserReply(
            entry=_full(entries, one.contender),
            override=override_of(one.contender, viewer),
            reason=one.reason,
        )
        for one in decision.losers
    ]
    coming = decision.next
    following = _full(entries, coming.winner) if coming else None
    return CurrentReply(
        at=at,
        entry=_full(entries, winner),
        override=override_of(winner, viewer),
        playlist=playlist_name(playing.playlist_of(plays, winner)),
        source=playing.source_of(plays, winner),
        rule=playing.rule_of(plays, winner, decision.rule),
        from_=None if decision.from_ is None else moment_of(decision.from_),
        until=None if decision.until is None else moment_of(decision.until),
        losers=losers,
        next=NextReply(entry=following, from_=moment_of(coming.from_))
        if coming and following
        else None,
    )


def _full(entries: Replies, one: Contender | None) -> ScheduleReply | None:
    return entries.get(one.id) if isinstance(one, Entry) else None


def timeline(
    database: Database, *, principal: Principal, from_: datetime | None, until: datetime | None
) -> TimelineReply:
    """Raises Unprocessable."""
    from_, until = bounds(from_, until, usual=A_WEEK)
    plays = venue.load(database, since=from_)
    segments = _enough(plays.plan(), instant_of(from_), instant_of(until))
    shown = segments[: _fitting(segments)]
    viewer = Viewer(principal)
    return TimelineReply(
        from_=from_,
        to=until,
        next=moment_of(shown[-1].until) if len(shown) < len(segments) else None,
        segments=[_segment(plays, one, viewer) for one in shown],
    )


def _enough(plan: Plan, from_: Instant, until: Instant) -> list[Segment]:
    """All that go into one reply, and more if there are more. A full plan's year is seconds of
    work, of which a reply holds days: so it is looked at from its beginning, ever further."""
    for length in LOOKS:
        if from_ + length >= until:
            break
        segments = plan.timeline(from_, from_ + length)
        # Its last segment may be cut off where the look ends, but is not shown then.
        if _fitting(segments) < len(segments):
            return segments
    return plan.timeline(from_, until)


def _fitting(segments: Sequence[Segment]) -> int:
    """How many go into one reply."""
    losers = 0
    for number, one in enumerate(segments[:MOST_SEGMENTS]):
        losers += min(len(one.losers), SHOWN_LOSERS)
        if losers > MOST_LOSERS:
            return number
    return MOST_SEGMENTS


def _segment(plays: Venue, one: Segment, viewer: Viewer) -> SegmentReply:
    return SegmentReply(
        from_=moment_of(one.from_),
        until=moment_of(one.until),
        minutes=minutes(one.from_, one.until),
        entry=entry_of(one.winner),
        override=override_of(one.winner, viewer),
        playlist=playlist_name(playing.playlist_of(plays, one.winner)),
        source=playing.source_of(plays, one.winner),
        rule=playing.rule_of(plays, one.winner, one.rule),
        losers=[_piece(piece, viewer) for piece in one.losers[:SHOWN_LOSERS]],
        loser_count=len(one.losers),
    )


def _piece(piece: Piece, viewer: Viewer) -> PieceReply:
    return PieceReply(
        entry=entry_of(piece.contender),
        override=override_of(piece.contender, viewer),
        reason=piece.reason,
        from_=moment_of(piece.from_),
        until=moment_of(piece.until),
    )
