from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, not_, select, true
from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow
from djamms.models.system import SystemSetting
from djamms.models.track import Track
from djamms.music.repository import TRACK_COLUMNS
from djamms.security.principal import Principal
from djamms.storage.keys import TRASH

RETENTION = "trash.retention_days"
DEFAULT_RETENTION_DAYS = 30


def retention_days(database: Database) -> int:
    setting = SystemSetting.key == RETENTION
    return int(
        database.scalar(select(SystemSetting.value).where(setting)) or DEFAULT_RETENTION_DAYS
    )


def lock_deleted(database: Database, *, limit: int) -> Sequence[Track]:
    """Deleted tracks whose objects still lie where they were."""
    in_place = not_(Track.object_key.startswith(TRASH)) & (Track.object_key != "")
    return database.scalars(
        select(Track)
        .where(not_(Track.is_active), Track.deleted_at.is_not(None), in_place)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


def lock_expired(database: Database, *, before: datetime, limit: int) -> Sequence[Track]:
    return database.scalars(
        select(Track)
        .where(not_(Track.is_active), Track.deleted_at < before, Track.object_key != "")
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


def lock_inactive(database: Database, track_id: UUID) -> Track | None:
    return database.scalar(
        select(Track).where(Track.id == track_id, not_(Track.is_active)).with_for_update()
    )


def list_deleted(
    database: Database, *, principal: Principal, offset: int, limit: int
) -> Sequence[AnyRow]:
    return database.execute(
        select(*TRACK_COLUMNS, Track.deleted_at, Track.object_key)
        .where(_gone(principal))
        .order_by(Track.deleted_at.desc(), Track.id.desc())
        .offset(offset)
        .limit(limit)
    ).all()


def count_deleted(database: Database, *, principal: Principal) -> int:
    return database.scalar(select(func.count()).select_from(Track).where(_gone(principal))) or 0


def _gone(principal: Principal) -> ColumnElement[bool]:
    """One's own; moderators see all."""
    whose = true() if principal.moderates else Track.uploaded_by == principal.user_id
    return not_(Track.is_active) & whose
