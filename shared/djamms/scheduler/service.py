from collections.abc import Collection
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow
from djamms.models.schedule import ScheduleEntry
from djamms.scheduler import repository
from djamms.scheduler.schemas import ScheduleReply


def list_schedules(database: Database, *, limit: int) -> tuple[list[ScheduleReply], int]:
    """The active entries by their start, and how many there are."""
    rows = repository.list_active_entries(database, limit=limit)
    total = repository.count_active_entries(database) if len(rows) == limit else len(rows)
    return [_reply(row) for row in rows], total


def read_several(database: Database, ids: Collection[UUID]) -> dict[UUID, ScheduleReply]:
    """By id; no statement where none are asked for."""
    rows = repository.find_entries(database, ids) if ids else ()
    return {row.ScheduleEntry.id: _reply(row) for row in rows}


def _reply(row: AnyRow) -> ScheduleReply:
    entry: ScheduleEntry = row.ScheduleEntry
    return ScheduleReply(
        id=str(entry.id),
        title=entry.title,
        name=entry.title,
        playlist=row.playlist_name,
        playlist_id=str(entry.playlist_id) if entry.playlist_id else None,
        day=entry.day_of_week,
        selected_days=entry.selected_days,
        start_time=entry.start_time.strftime("%H:%M"),
        end_time=entry.end_time.strftime("%H:%M"),
        timezone=entry.timezone,
        type="playlist",
        active=entry.is_active,
        tracks=[],
        created_at=entry.created_at,
        updated_at=entry.updated_at,
    )
