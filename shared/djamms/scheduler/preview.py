"""What a change would do to the next 14 days; nothing is saved."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session as Database

from djamms.errors import Conflict as Refusal
from djamms.scheduler import ranges, repository, service, venue
from djamms.scheduler.candidate_schemas import Change, ChangeRequest
from djamms.scheduler.conflicting import SHOWN_CONFLICTS, with_draft
from djamms.scheduler.content import refused
from djamms.scheduler.drafting import draft
from djamms.scheduler.identity import entry_id_of
from djamms.scheduler.plan.conflicts import Clash, Conflict, between
from djamms.scheduler.plan.contenders import Entry
from djamms.scheduler.plan.instants import Instant, instant_of, moment_of
from djamms.scheduler.plan.resolver import Plan, Segment
from djamms.scheduler.plan_replies import conflict_reply, entry_of, minutes, playlist_name
from djamms.scheduler.plan_schemas import ChangeReply, OutcomeReply, PreviewReply
from djamms.scheduler.playing import playlist_of, rule_of, source_of
from djamms.scheduler.venue import Venue
from djamms.security.principal import Principal

SHOWN_CHANGES = 1000


@dataclass(frozen=True, slots=True)
class Difference:
    from_: Instant
    until: Instant
    before: Segment
    after: Segment


def preview(database: Database, wanted: ChangeRequest, *, principal: Principal) -> PreviewReply:
    """Raises NotFound, Unprocessable, and Conflict where the id of a new entry is taken."""
    now = ranges.now()
    from_, until = instant_of(now), instant_of(now + ranges.FORTNIGHT)
    before = venue.load(database, since=now)
    after = replace(before, entries=tuple(_changed(database, wanted, before, principal)))
    plans = [Plan((*one.entries, *one.overrides)).timeline(from_, until) for one in (before, after)]
    found = list(differences(before, *plans))
    old, seen = (between(one.entries, from_, until) for one in (before, after))
    new = fresh(old.conflicts, seen.conflicts)
    return PreviewReply(
        from_=moment_of(from_),
        to=moment_of(until),
        changes=[_change(before, one) for one in found[:SHOWN_CHANGES]],
        change_count=len(found),
        conflicts=[conflict_reply(one) for one in new[:SHOWN_CONFLICTS]],
        conflict_count=len(new),
        is_cut=old.is_cut or seen.is_cut,
        unchanged=not found,
    )


def _changed(
    database: Database, wanted: ChangeRequest, before: Venue, principal: Principal
) -> list[Entry]:
    """The entries after it."""
    own = wanted.entry and wanted.entry.id
    said = wanted.id or own
    entry_id = entry_id_of(said) if said else None
    if own and entry_id_of(own) != entry_id:
        raise refused("id", "an entry keeps its id: leave this out")
    if wanted.change is not Change.CREATE and entry_id:
        service.find(database, principal=principal, entry_id=entry_id)
    elif entry_id and repository.find_entry(database, principal=principal, entry_id=entry_id):
        raise Refusal("Another entry of the plan has this id: change that one, or leave it.")
    if wanted.change is Change.DELETE or wanted.entry is None:
        return [one for one in before.entries if one.id != entry_id]
    words = wanted.entry.model_copy(update={"id": said})
    return with_draft(before.entries, draft(database, principal=principal, words=words))


def differences(
    venue: Venue, before: Sequence[Segment], after: Sequence[Segment]
) -> Iterator[Difference]:
    """When something else plays; both are of the same time without a hole."""
    one = other = 0
    while one < len(before) and other < len(after):
        was, will = before[one], after[other]
        from_, until = max(was.from_, will.from_), min(was.until, will.until)
        if _sound(venue, was) != _sound(venue, will):
            yield Difference(from_, until, was, will)
        one, other = one + (was.until == until), other + (will.until == until)


def _sound(venue: Venue, segment: Segment) -> tuple[object, ...]:
    winner = segment.winner
    playlist = playlist_of(venue, winner)
    return source_of(venue, winner), winner and winner.id, playlist and playlist.id


def fresh(before: Sequence[Conflict], after: Sequence[Conflict]) -> list[Conflict]:
    """The clashes, and the parts of them, that were not there before."""
    known = {(one.winner.id, one.loser.id): one.clashes for one in before}
    found = []
    for one in after:
        old = known.get((one.winner.id, one.loser.id), ())
        if new := tuple(without(one.clashes, old)):
            found.append(one._replace(clashes=new))
    return found


def without(times: Sequence[Clash], others: Sequence[Clash]) -> Iterator[Clash]:
    """What the others leave of them; both in order, and none overlaps another of its own."""
    n = 0
    for from_, until in times:
        start = from_
        while n < len(others) and others[n][0] < until:
            begin, end = others[n]
            if begin > start:
                yield start, begin
            start = max(start, end)
            if end > until:  # the next one may overlap it too
                break
            n += 1
        if start < until:
            yield start, until


def _change(venue: Venue, one: Difference) -> ChangeReply:
    return ChangeReply(
        from_=moment_of(one.from_),
        until=moment_of(one.until),
        minutes=minutes(one.from_, one.until),
        before=_outcome(venue, one.before),
        after=_outcome(venue, one.after),
    )


def _outcome(venue: Venue, segment: Segment) -> OutcomeReply:
    winner = segment.winner
    return OutcomeReply(
        entry=entry_of(winner),
        playlist=playlist_name(playlist_of(venue, winner)),
        source=source_of(venue, winner),
        rule=rule_of(venue, winner, segment.rule),
    )
