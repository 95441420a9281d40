from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, not_, null, or_, select, true, update
from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.db.types import AnyRow
from djamms.models.system import SystemSetting
from djamms.models.track import Track
from djamms.music.repository import TRACK_COLUMNS
from djamms.security.principal import Principal
from djamms.storage.keys import TRASH

RETENTION = "trash.retention_days"
DEFAULT_RETENTION_DAYS = 30
# A tombstone's key: what lay there is gone.
NOWHERE = ""
OBJECTS = (Track.id, Track.object_key, Track.thumbnail_key)
# What is hidden or missing only is not active either, and not in the trash.
WITHHELD = or_(Track.hidden_at.is_not(None), Track.missing_since.is_not(None))
DELETED = not_(Track.is_active) & or_(not_(WITHHELD), Track.deleted_at.is_not(None))


def retention_days(database: Database) -> int:
    setting = SystemSetting.key == RETENTION
    return int(
        database.scalar(select(SystemSetting.value).where(setting)) or DEFAULT_RETENTION_DAYS
    )


def find_deleted(database: Database, *, limit: int) -> Sequence[UUID]:
    """Deleted tracks whose objects still lie where they were."""
    return database.scalars(select(Track.id).where(*_waiting()).limit(limit)).all()


def lock_deleted(database: Database, track_id: UUID) -> Track | None:
    """One of them, unless someone else is at it."""
    return database.scalar(
        select(Track)
        .where(Track.id == track_id, *_waiting())
        .with_for_update(skip_locked=True, key_share=True)
        .execution_options(populate_existing=True)
    )


def lock_moved(database: Database, track_id: UUID) -> Track | None:
    """One that is deleted still and whose objects were copied to the trash."""
    moved = Track.object_key.startswith(TRASH)
    return database.scalar(
        select(Track)
        .where(Track.id == track_id, not_(Track.is_active), moved)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


def lock_expired(database: Database, *, before: datetime, limit: int) -> Sequence[AnyRow]:
    return database.execute(
        select(*OBJECTS)
        .where(not_(Track.is_active), Track.deleted_at < before, Track.object_key != NOWHERE)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    ).all()


def entomb(database: Database, track_ids: Sequence[UUID]) -> None:
    _update(database, track_ids, object_key=NOWHERE, thumbnail_key=None)


def lock_restorable(database: Database, track_ids: Sequence[UUID]) -> Sequence[AnyRow]:
    """Of these, the deleted ones that have their sound, locked in the order of all bulk changes."""
    return database.execute(
        select(*OBJECTS)
        .where(Track.id.in_(set(track_ids)), DELETED, Track.object_key != NOWHERE)
        .order_by(Track.id)
        .with_for_update(key_share=True)
    ).all()


def is_deleted(database: Database, track_id: UUID) -> bool:
    found = select(Track.id).where(Track.id == track_id, DELETED)
    return database.scalar(found) is not None


def bring_back(database: Database, track_ids: Sequence[UUID], *, silent: Collection[UUID]) -> None:
    """`silent`: those of them whose sound is not in its place."""
    now, is_silent = clock.now(), Track.id.in_(silent)
    key = func.regexp_replace(Track.object_key, f"^{TRASH}", "")
    # What a moderator hid stays hidden.
    values = {
        "is_active": Track.hidden_at.is_(None) & not_(is_silent),
        "missing_since": case((is_silent, func.coalesce(Track.missing_since, now)), else_=null()),
        "deleted_at": None,
        "updated_at": now,
    }
    _update(database, track_ids, object_key=key, **values)


def lock_in_place(database: Database, track_ids: Sequence[UUID]) -> Sequence[UUID]:
    """Of these, those whose objects do not lie in the trash."""
    return database.scalars(
        select(Track.id)
        .where(Track.id.in_(track_ids), not_(Track.object_key.startswith(TRASH)))
        .order_by(Track.id)
        .with_for_update(key_share=True)
    ).all()


def _waiting() -> tuple[ColumnElement[bool], ...]:
    in_place = not_(Track.object_key.startswith(TRASH)) & (Track.object_key != NOWHERE)
    return not_(Track.is_active), Track.deleted_at.is_not(None), in_place


def _update(database: Database, track_ids: Sequence[UUID], **values: Any) -> None:
    """One statement for all of them: triggers run once for each statement."""
    database.execute(
        update(Track)
        .where(Track.id.in_(track_ids))
        .values(**values)
        .execution_options(synchronize_session=False)
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
    return DELETED & whose
