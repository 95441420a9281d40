from uuid import UUID

from sqlalchemy import literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session as Database

from djamms.models.library import PlaybackEvent
from djamms.models.track import Track
from djamms.music.repository import visible_to
from djamms.security.principal import Principal


def add_play(
    database: Database,
    *,
    principal: Principal,
    track_id: UUID,
    duration_seconds: int | None,
    source: str | None,
    client_key: str | None,
) -> bool:
    """Whether it was new: an event with the caller's same key, or of a hidden track, is not."""
    columns = {
        PlaybackEvent.user_id: principal.user_id,
        PlaybackEvent.duration_played_seconds: duration_seconds,
        PlaybackEvent.source: source,
        PlaybackEvent.client_key: client_key,
    }
    seen = select(
        Track.id, *(literal(value, column.type) for column, value in columns.items())
    ).where(Track.id == track_id, visible_to(principal))
    added = database.scalar(
        insert(PlaybackEvent)
        .from_select([PlaybackEvent.track_id, *columns], seen)
        .on_conflict_do_nothing()
        .returning(PlaybackEvent.id)
    )
    return added is not None


def count_play(database: Database, *, principal: Principal, track_id: UUID, by: int) -> int | None:
    """The track's plays after adding `by`; None for a track that cannot be seen."""
    shown = (Track.id == track_id, visible_to(principal))
    if not by:
        return database.scalar(select(Track.play_count).where(*shown))
    return database.scalar(
        update(Track)
        .where(*shown)
        .values(play_count=Track.play_count + by, updated_at=Track.updated_at)
        .returning(Track.play_count)
        .execution_options(synchronize_session=False)
    )
