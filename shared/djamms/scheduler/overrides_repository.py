from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow
from djamms.models.playlist import Playlist
from djamms.models.schedule import ScheduleOverride
from djamms.scheduler.plan_repository import OVERRIDE_COLUMNS, PLAYS


def list_holding(database: Database, *, now: datetime) -> Sequence[AnyRow]:
    """Stops first, then the newest: as they win."""
    override = ScheduleOverride
    return database.execute(
        select(*OVERRIDE_COLUMNS)
        .outerjoin(Playlist, (Playlist.id == override.playlist_id) & PLAYS)
        .where(_holds(now))
        .order_by(override.is_stop.desc(), override.created_at.desc(), override.id)
    ).all()


def count_holding(database: Database, *, is_stop: bool, now: datetime) -> int:
    counted = select(func.count()).select_from(ScheduleOverride)
    return database.scalar(counted.where(_holds(now), ScheduleOverride.is_stop == is_stop)) or 0


def add(database: Database, override: ScheduleOverride) -> None:
    database.add(override)
    database.flush()


def is_known(database: Database, override_id: UUID) -> bool:
    found = select(ScheduleOverride.id).where(ScheduleOverride.id == override_id)
    return database.scalar(found) is not None


def cancel(database: Database, override_id: UUID, *, by: UUID | None, now: datetime) -> bool:
    """Whether it held until now."""
    return bool(_cancel(database, ScheduleOverride.id == override_id, by=by, now=now))


def cancel_stops(database: Database, *, by: UUID | None, now: datetime) -> Sequence[UUID]:
    """Those that held until now."""
    return _cancel(database, ScheduleOverride.is_stop.is_(True), by=by, now=now)


def _cancel(
    database: Database, wanted: ColumnElement[bool], *, by: UUID | None, now: datetime
) -> Sequence[UUID]:
    return database.scalars(
        update(ScheduleOverride)
        .where(wanted, _holds(now))
        .values(cancelled_at=now, cancelled_by=by)
        .returning(ScheduleOverride.id)
    ).all()


def _holds(now: datetime) -> ColumnElement[bool]:
    ends_at = ScheduleOverride.ends_at
    return ScheduleOverride.cancelled_at.is_(None) & or_(ends_at.is_(None), ends_at > now)
