"""Changes to tracks: one statement for all of them, since triggers run once for each statement."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import cast, or_, select, update
from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.models.track import Track
from djamms.music.repository import editable_by
from djamms.security.principal import Principal


def lock_tracks(
    database: Database, *, principal: Principal, track_ids: Sequence[UUID]
) -> Sequence[UUID]:
    """Those that the caller may edit, locked in one order so that bulk edits cannot cross."""
    return database.scalars(
        select(Track.id)
        .where(Track.id.in_(set(track_ids)), editable_by(principal))
        .order_by(Track.id)
        .with_for_update(key_share=True)
    ).all()


def change(database: Database, track_ids: Collection[UUID], values: Mapping[str, Any]) -> None:
    """Of these, tracks that have the values already stay untouched."""
    if not values:
        return
    columns = {getattr(Track, name): new for name, new in values.items()}
    # As the column would hold it: a `real` equals no longer number.
    stored = {column: cast(new, column.type) for column, new in columns.items()}
    differs = or_(*(column.is_distinct_from(new) for column, new in stored.items()))
    database.execute(
        update(Track)
        .where(Track.id.in_(track_ids), differs)
        .values(**values, updated_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def discard(database: Database, track_ids: Collection[UUID]) -> None:
    now = clock.now()
    database.execute(
        update(Track)
        .where(Track.id.in_(track_ids))
        .values(is_active=False, deleted_at=now, updated_at=now)
        .execution_options(synchronize_session=False)
    )
