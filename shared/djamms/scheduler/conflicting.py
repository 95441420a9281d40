"""Who loses to whom, and when nothing is due."""

from collections.abc import Iterable

from sqlalchemy.orm import Session as Database

from djamms.scheduler import playing, venue
from djamms.scheduler.candidate_schemas import CandidateWords
from djamms.scheduler.drafting import Draft, draft
from djamms.scheduler.plan.conflicts import between, foreseen, gaps
from djamms.scheduler.plan.contenders import Entry
from djamms.scheduler.plan.instants import instant_of, moment_of
from djamms.scheduler.plan.resolver import Plan
from djamms.scheduler.plan_replies import conflict_reply, minutes, playlist_name
from djamms.scheduler.plan_schemas import ConflictsReply, GapReply
from djamms.scheduler.ranges import FORTNIGHT, bounds
from djamms.security.principal import Principal

SHOWN_CONFLICTS = 500
SHOWN_GAPS = 1000


def list_conflicts(
    database: Database, words: CandidateWords, *, principal: Principal
) -> ConflictsReply:
    """With a candidate those that it would cause or suffer. Raises Unprocessable."""
    from_, until = bounds(*words.times, usual=FORTNIGHT)
    plays = venue.load(database, since=from_)
    candidate = draft(database, principal=principal, words=words) if words.is_candidate else None
    entries = with_draft(plays.entries, candidate)
    of = candidate.entry.id if candidate else None
    start, end = instant_of(from_), instant_of(until)
    if words.times == (None, None):
        seen = foreseen(entries, start, of=of)
    else:
        seen = between(entries, start, end, of=of)
    found = seen.conflicts
    holes = gaps(Plan(entries), start, end)
    default = playlist_name(playing.playlist_of(plays, None))
    return ConflictsReply(
        from_=from_,
        to=until,
        conflicts=[conflict_reply(one) for one in found[:SHOWN_CONFLICTS]],
        conflict_count=len(found),
        is_cut=seen.is_cut,
        gaps=[
            GapReply(
                from_=moment_of(one),
                until=moment_of(other),
                minutes=minutes(one, other),
                playlist=default,
            )
            for one, other in holes[:SHOWN_GAPS]
        ],
        gap_count=len(holes),
    )


def with_draft(entries: Iterable[Entry], candidate: Draft | None) -> list[Entry]:
    """It stands in the stead of the one with its id."""
    if candidate is None:
        return list(entries)
    others = [one for one in entries if one.id != candidate.entry.id]
    return [*others, candidate.entry] if candidate.is_active else others
