"""Overrides and emergency stops: what people want to hear whatever the plan says."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.errors import Conflict, NotFound
from djamms.models.schedule import ScheduleOverride
from djamms.scheduler import choosing, ranges, venue
from djamms.scheduler import overrides_repository as repository
from djamms.scheduler.override_schemas import (
    OverrideReply,
    OverrideRequest,
    ResumedReply,
    StopRequest,
    Until,
)
from djamms.scheduler.plan.instants import instant_of, moment_of
from djamms.scheduler.plan.resolver import resolve
from djamms.scheduler.plan_replies import Viewer, override_reply
from djamms.scheduler.waking import wake_after_commit
from djamms.security import audit
from djamms.security.audit import Event
from djamms.security.principal import Principal

MOST_HOLDING = 100


def list_overrides(database: Database, *, principal: Principal) -> list[OverrideReply]:
    """Those that hold now, the one that wins first."""
    rows = repository.list_holding(database, now=ranges.now())
    viewer = Viewer(principal)
    return [override_reply(venue.to_override(row), viewer) for row in rows]


def set_override(
    database: Database, wanted: OverrideRequest, *, principal: Principal, source_ip: str
) -> OverrideReply:
    """Raises Unprocessable for a playlist that the caller may not read, Conflict where too many
    hold."""
    now = ranges.now()
    override = ScheduleOverride(
        playlist_id=_playlist(database, wanted, principal),
        ends_at=_end(database, wanted, now),
        reason=wanted.reason or None,
    )
    return _add(database, override, now=now, principal=principal, source_ip=source_ip)


def stop(
    database: Database, wanted: StopRequest, *, principal: Principal, source_ip: str
) -> OverrideReply:
    """Raises Conflict where too many hold."""
    now = ranges.now()
    ends_at = None if wanted.minutes is None else now + timedelta(minutes=wanted.minutes)
    override = ScheduleOverride(is_stop=True, ends_at=ends_at, reason=wanted.reason or None)
    return _add(database, override, now=now, principal=principal, source_ip=source_ip)


def cancel(database: Database, override_id: UUID, *, principal: Principal, source_ip: str) -> None:
    """Nothing where it has ended already. Raises NotFound."""
    if repository.cancel(database, override_id, by=principal.user_id, now=ranges.now()):
        _changed(
            database, Event.OVERRIDE_CANCELLED, principal, source_ip, {"override": override_id}
        )
    elif not repository.is_known(database, override_id):
        raise NotFound("There is no such override.")


def resume(database: Database, *, principal: Principal, source_ip: str) -> ResumedReply:
    """Cancels every stop."""
    stops = repository.cancel_stops(database, by=principal.user_id, now=ranges.now())
    if stops:
        _changed(database, Event.RESUMED, principal, source_ip, {"stops": stops})
    return ResumedReply(resumed=len(stops))


def _playlist(database: Database, wanted: OverrideRequest, principal: Principal) -> UUID:
    if wanted.playlist_id is not None:
        found = choosing.playlist_by_id(
            database, principal=principal, playlist_id=wanted.playlist_id
        )
    else:
        found = choosing.playlist_by_name(database, principal=principal, name=wanted.playlist or "")
    return found.id


def _end(database: Database, wanted: OverrideRequest, now: datetime) -> datetime | None:
    if wanted.minutes is not None:
        return now + timedelta(minutes=wanted.minutes)
    if wanted.until is Until.CANCELLED:
        return None
    # The next change of the plan itself, as if there were no overrides.
    until = resolve(venue.load(database, since=now).entries, instant_of(now)).until
    return None if until is None else moment_of(until)


def _add(
    database: Database,
    override: ScheduleOverride,
    *,
    now: datetime,
    principal: Principal,
    source_ip: str,
) -> OverrideReply:
    is_stop = bool(override.is_stop)
    if repository.count_holding(database, is_stop=is_stop, now=now) >= MOST_HOLDING:
        kind = "stops" if is_stop else "overrides"
        raise Conflict(f"{MOST_HOLDING} {kind} hold already. Cancel those that need not.")
    override.id, override.is_stop = uuid4(), is_stop
    override.starts_at, override.created_at = now, clock.now()
    override.created_by = principal.user_id
    repository.add(database, override)
    event = Event.STOPPED if is_stop else Event.OVERRIDE_SET
    details = {"override": override.id, "playlist": override.playlist_id, "until": override.ends_at}
    _changed(database, event, principal, source_ip, details)
    rows = repository.list_holding(database, now=now)
    row = next(row for row in rows if row.id == override.id)
    return override_reply(venue.to_override(row), Viewer(principal))


def _changed(
    database: Database,
    event: Event,
    principal: Principal,
    source_ip: str,
    details: dict[str, Any],
) -> None:
    audit.record(database, event, user_id=principal.user_id, source_ip=source_ip, details=details)
    wake_after_commit(database)
