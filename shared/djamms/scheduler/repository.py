from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow
from djamms.models.playlist import Playlist
from djamms.models.schedule import ScheduleEntry


def count_active_entries(database: Database) -> int:
    return database.scalar(select(func.count()).where(ScheduleEntry.is_active)) or 0


def list_active_entries(database: Database, *, limit: int) -> Sequence[AnyRow]:
    """Entries with the name of their playlist, '' where it is gone."""
    name = func.coalesce(Playlist.name, "").label("playlist_name")
    return database.execute(
        select(ScheduleEntry, name)
        .outerjoin(Playlist, (Playlist.id == ScheduleEntry.playlist_id) & Playlist.is_active)
        .where(ScheduleEntry.is_active)
        .order_by(ScheduleEntry.start_time, ScheduleEntry.id)
        .limit(limit)
    ).all()


def find_entries(database: Database, ids: Collection[UUID]) -> Sequence[AnyRow]:
    """Entries with the name of their playlist, '' where it is gone."""
    name = func.coalesce(Playlist.name, "").label("playlist_name")
    return database.execute(
        select(ScheduleEntry, name)
        .outerjoin(Playlist, (Playlist.id == ScheduleEntry.playlist_id) & Playlist.is_active)
        .where(ScheduleEntry.id.in_(ids))
    ).all()
