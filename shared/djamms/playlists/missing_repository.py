from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, not_, select
from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow
from djamms.models.playlist import PlaylistEntry
from djamms.models.track import Track
from djamms.music.repository import TRACK_COLUMNS, hidden_from_others, may_know_of, visible_to
from djamms.security.principal import Principal


def list_missing(
    database: Database, *, principal: Principal, playlist_id: UUID, limit: int
) -> Sequence[AnyRow]:
    """`place` is how many visible entries stand before."""
    order = (PlaylistEntry.order_key, PlaylistEntry.id)
    visible = visible_to(principal)
    entries = (
        select(
            *order,
            PlaylistEntry.track_id,
            PlaylistEntry.added_at,
            visible.label("is_visible"),
            func.count().filter(visible).over(order_by=order).label("place"),
        )
        .join(Track, Track.id == PlaylistEntry.track_id)
        .where(PlaylistEntry.playlist_id == playlist_id)
        .subquery()
    )
    statement = (
        select(
            *TRACK_COLUMNS,
            hidden_from_others(principal).label("is_hidden"),
            entries.c.id.label("entry_id"),
            entries.c.added_at,
            entries.c.place,
        )
        .join(entries, entries.c.track_id == Track.id)
        .where(not_(entries.c.is_visible), may_know_of(principal))
        .order_by(entries.c.order_key, entries.c.id)
        .limit(limit)
    )
    return database.execute(statement).all()
