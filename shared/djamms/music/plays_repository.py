from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, case, cast, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session as Database

from djamms.models.library import PlaybackEvent
from djamms.models.track import Track
from djamms.music.repository import visible_to
from djamms.security.principal import Principal


@dataclass(frozen=True, slots=True)
class Play:
    """`key` is the caller's alone."""

    track_id: UUID
    duration_seconds: int | None
    source: str | None
    key: str | None
    metadata: dict[str, Any]


def add_play(database: Database, *, principal: Principal, play: Play) -> bool:
    """Whether it was new: an event with the caller's same key, or of a hidden track, is not.
    Nobody hears more of a track than there is."""
    heard = func.least(cast(play.duration_seconds, Integer), Track.duration_seconds)
    columns = {
        PlaybackEvent.user_id: literal(principal.user_id, PlaybackEvent.user_id.type),
        PlaybackEvent.duration_played_seconds: case(
            (literal(play.duration_seconds is not None), heard)
        ),
        PlaybackEvent.source: literal(play.source, PlaybackEvent.source.type),
        PlaybackEvent.client_key: literal(play.key, PlaybackEvent.client_key.type),
        PlaybackEvent.raw_metadata: literal(play.metadata, PlaybackEvent.raw_metadata.type),
    }
    seen = select(Track.id, *columns.values()).where(
        Track.id == play.track_id, visible_to(principal)
    )
    added = database.scalar(
        insert(PlaybackEvent)
        .from_select([PlaybackEvent.track_id, *columns], seen)
        .on_conflict_do_nothing()
        .returning(PlaybackEvent.id)
    )
    return added is not None


def played_with(database: Database, *, principal: Principal, key: str | None) -> UUID | None:
    """The track of the caller's event with this key."""
    mine = PlaybackEvent.user_id.is_not_distinct_from(principal.user_id)
    return database.scalar(
        select(PlaybackEvent.track_id).where(mine, PlaybackEvent.client_key == key)
    )


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
