"""Tracks whose sound is gone from the bucket."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow
from djamms.models.system import SystemSetting
from djamms.models.track import Track
from djamms.music.repository import TRACK_COLUMNS
from djamms.security.principal import Principal
from djamms.storage.keys import AUDIO, BEHIND_AUDIO

PROGRESS = "check-objects.progress"
# Neither deleted, nor taken away by hand: what should have its sound in its place.
KEPT = and_(
    Track.deleted_at.is_(None),
    or_(Track.is_active, Track.hidden_at.is_not(None), Track.missing_since.is_not(None)),
)


def count_active(database: Database) -> int:
    counted = select(func.count()).select_from(Track).where(Track.is_active)
    return database.scalar(counted) or 0


def count_missing(database: Database) -> int:
    counted = select(func.count()).select_from(Track).where(Track.missing_since.is_not(None))
    return database.scalar(counted) or 0


def list_keys(database: Database, *, after: str, limit: int) -> Sequence[AnyRow]:
    """Where sounds should lie, in the order of a listing, behind a key."""
    below = (Track.object_key > max(after, AUDIO), Track.object_key < BEHIND_AUDIO)
    return database.execute(
        select(Track.id, Track.object_key, Track.missing_since.is_not(None).label("is_missing"))
        .where(*below, KEPT)
        .order_by(Track.object_key)
        .limit(limit)
    ).all()


def mark_missing(
    database: Database, track_ids: Sequence[UUID], *, unchanged_since: datetime, now: datetime
) -> int:
    """How many. Not those that were deleted or came out of the trash meanwhile."""
    wanted = (Track.missing_since.is_(None), Track.updated_at < unchanged_since)
    values = {"missing_since": now, "is_active": False, "updated_at": now}
    return _update(database, track_ids, wanted, values)


def heal(database: Database, track_ids: Sequence[UUID], *, now: datetime) -> int:
    """How many. What a moderator hid stays hidden."""
    is_shown = Track.hidden_at.is_(None)
    values = {"missing_since": None, "is_active": is_shown, "updated_at": now}
    return _update(database, track_ids, (Track.missing_since.is_not(None),), values)


def _update(
    database: Database,
    track_ids: Sequence[UUID],
    wanted: tuple[ColumnElement[bool], ...],
    values: dict[str, Any],
) -> int:
    """Locked in the order of all bulk changes, changed by one statement for the triggers."""
    locked = database.scalars(
        select(Track.id)
        .where(Track.id.in_(track_ids), KEPT, *wanted)
        .order_by(Track.id)
        .with_for_update()
    ).all()
    database.execute(
        update(Track)
        .where(Track.id.in_(locked))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return len(locked)


def read_progress(database: Database) -> dict[str, Any]:
    """What the last run left to do; empty where it came to the end."""
    found = database.scalar(select(SystemSetting.value).where(SystemSetting.key == PROGRESS))
    return dict(found or {})


def write_progress(database: Database, progress: dict[str, Any]) -> None:
    words = "Where check-objects goes on, and how many tracks it has found missing so far."
    row = insert(SystemSetting).values(key=PROGRESS, value=progress, description=words)
    changed = row.on_conflict_do_update(
        index_elements=[SystemSetting.key], set_={"value": progress, "updated_at": func.now()}
    )
    database.execute(changed)


def list_missing(
    database: Database, *, principal: Principal, offset: int, limit: int
) -> Sequence[AnyRow]:
    return database.execute(
        select(*TRACK_COLUMNS, Track.missing_since)
        .where(_missing(principal))
        .order_by(Track.missing_since.desc(), Track.id.desc())
        .offset(offset)
        .limit(limit)
    ).all()


def count_missing_of(database: Database, *, principal: Principal) -> int:
    return database.scalar(select(func.count()).select_from(Track).where(_missing(principal))) or 0


def _missing(principal: Principal) -> ColumnElement[bool]:
    """One's own; moderators see all."""
    whose = true() if principal.moderates else Track.uploaded_by == principal.user_id
    return Track.missing_since.is_not(None) & Track.deleted_at.is_(None) & whose
