"""Follows the plan, minute by minute: records what became current, once per zone and instant."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.observability import logger, measure
from djamms.scheduler import playout_repository as repository
from djamms.scheduler import venue
from djamms.scheduler.following import INSTANT, Current, Span, follow, next_change, span_of

# A place in which one thing plays at a time; so far there is one.
MAIN_ZONE = "main"
SERVICE = "playout"


@dataclass(frozen=True, slots=True)
class Ticked:
    """`until`: when what plays now ends by the plan."""

    recorded: int
    missed: int
    until: datetime | None


def tick(database: Database, *, zone: str = MAIN_ZONE) -> Ticked:
    """One transaction. Two at once are one after the other: the second finds nothing to do."""
    followed = repository.hold_zone(database, zone, since=clock.now() - INSTANT)
    # Not sooner: whoever waited for the zone would follow it until before it was followed.
    span = span_of(followed, clock.now())
    _warn(span, followed)
    plan = venue.load(database, since=span.since)
    found = list(follow(plan, span, last=repository.last_plays(database, zone)))
    recorded = repository.record(database, zone, found, recorded_at=clock.now())
    repository.followed(database, zone, until=span.now)
    fresh = [one for one in found if one.at in recorded]
    return Ticked(len(fresh), _tell(fresh, span.now), next_change(plan, span))


def _warn(span: Span, followed: datetime) -> None:
    words = {"followed_until": followed.isoformat(), "now": span.now.isoformat()}
    if span.went_back:
        logger.warning("playout_clock_went_back", extra=words)
    if span.is_cut:
        logger.warning("playout_not_followed", extra={**words, "until": span.since.isoformat()})


def _tell(fresh: list[Current], now: datetime) -> int:
    """One line each; how many were missed."""
    missed = [one for one in fresh if one.is_missed]
    for one in fresh:
        words = {"at": one.at.isoformat(), "source": one.source, "playlist_id": one.playlist_id}
        if one.is_missed:
            late = round((now - one.at).total_seconds())
            logger.warning("playout_missed", extra={**words, "late_seconds": late})
        else:
            logger.info("playout_changed", extra=words)
    if missed:
        measure("PlayoutMissed", len(missed), unit="Count", service=SERVICE)
    return len(missed)


def tell_all_is_well() -> None:
    """An alarm rings where this is not heard of for a while."""
    measure("PlayoutTicked", 1, unit="Count", service=SERVICE)
