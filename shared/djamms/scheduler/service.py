"""The entries of the plan, as they are read."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow
from djamms.errors import NotFound
from djamms.models.schedule import ScheduleEntry
from djamms.scheduler import repository
from djamms.scheduler.schemas import ScheduleReply
from djamms.security.principal import Principal


def list_schedules(
    database: Database, *, principal: Principal, is_active: bool | None, limit: int
) -> tuple[list[ScheduleReply], int]:
    """Those that the caller may see by their start, and how many there are."""
    wanted: dict[str, Any] = {"principal": principal, "is_active": is_active}
    rows = repository.list_entries(database, **wanted, limit=limit)
    is_full = len(rows) == limit
    total = repository.count_entries(database, **wanted) if is_full else len(rows)
    return [reply_of(row) for row in rows], total


def get_schedule(database: Database, *, principal: Principal, entry_id: UUID) -> ScheduleReply:
    """Raises NotFound."""
    return reply_of(find(database, principal=principal, entry_id=entry_id))


def read_several(database: Database, ids: Collection[UUID]) -> dict[UUID, ScheduleReply]:
    """By id; no statement where none are asked for."""
    rows = repository.find_entries(database, ids) if ids else ()
    return {row.ScheduleEntry.id: reply_of(row) for row in rows}


def find(database: Database, *, principal: Principal, entry_id: UUID) -> AnyRow:
    """A row of an entry, `shown_id` and `playlist`; raises NotFound."""
    row = repository.find_entry(database, principal=principal, entry_id=entry_id)
    if row is None:
        raise NotFound("There is no such entry in the plan.")
    return row


def reply_of(row: AnyRow) -> ScheduleReply:
    entry: ScheduleEntry = row.ScheduleEntry
    return ScheduleReply(
        id=str(entry.id),
        title=entry.title,
        name=entry.title,
        playlist=row.playlist,
        playlist_id=str(row.shown_id) if row.shown_id else None,
        day=entry.selected_days[0],
        selected_days=entry.selected_days,
        start_time=entry.start_time.strftime("%H:%M"),
        end_time=entry.end_time.strftime("%H:%M"),
        timezone=entry.timezone,
        start_date=entry.starts_on,
        end_date=entry.ends_on,
        dates=entry.dates,
        except_dates=entry.except_dates,
        priority=entry.priority,
        type="playlist",
        active=entry.is_active,
        tracks=[],
        created_at=entry.created_at,
        updated_at=entry.updated_at,
    )
