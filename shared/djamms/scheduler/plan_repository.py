"""What the plan is made of."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow
from djamms.models.playlist import Playlist
from djamms.models.schedule import ScheduleEntry, ScheduleOverride
from djamms.models.system import SystemSetting

ZONE = "venue.timezone"
DEFAULT_PLAYLIST = "playlist.default"

# A playlist that is deleted plays nothing, and has no name.
PLAYS = Playlist.is_active
PLAYLIST_NAME = func.coalesce(Playlist.name, "").label("playlist")


def read_entries(database: Database) -> Sequence[AnyRow]:
    """Those that are active. Columns, not models: a plan is read by every request."""
    columns = [column for column in ScheduleEntry.__table__.columns if column.name != "playlist_id"]
    return database.execute(
        select(*columns, Playlist.id.label("playlist_id"), PLAYLIST_NAME)
        .outerjoin(Playlist, (Playlist.id == ScheduleEntry.playlist_id) & PLAYS)
        .where(ScheduleEntry.is_active)
    ).all()


def read_overrides(database: Database, *, since: datetime) -> Sequence[AnyRow]:
    """Those that held at some time since then."""
    override = ScheduleOverride
    ended = func.least(override.ends_at, override.cancelled_at)  # NULL only where both are
    return database.execute(
        select(
            override.id,
            override.is_stop,
            override.starts_at,
            ended.label("ends_at"),
            override.created_at,
            override.reason,
            Playlist.id.label("playlist_id"),
            PLAYLIST_NAME,
        )
        .outerjoin(Playlist, (Playlist.id == override.playlist_id) & PLAYS)
        .where(or_(ended.is_(None), ended > since))
    ).all()


def read_settings(database: Database) -> dict[str, object]:
    keys = SystemSetting.key.in_([ZONE, DEFAULT_PLAYLIST])
    rows = database.execute(select(SystemSetting.key, SystemSetting.value).where(keys)).all()
    return {row.key: row.value for row in rows}


def find_default(database: Database, said: str) -> tuple[UUID, str] | None:
    """By its id or its name; of several of one name the oldest."""
    is_meant = (Playlist.name == said) | (func.text(Playlist.id) == said.lower())
    row = database.execute(
        select(Playlist.id, Playlist.name)
        .where(Playlist.is_active, is_meant)
        .order_by(Playlist.created_at, Playlist.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else (row.id, row.name)
