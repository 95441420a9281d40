"""Flags, and the things that they are about."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session as Database

from djamms.models.moderation import OPEN, ContentFlag, FlagState, ModerationAct
from djamms.models.playlist import Playlist
from djamms.models.track import Track
from djamms.models.user import User
from djamms.music.repository import visible_to
from djamms.security.principal import Principal

type Thing = Track | Playlist


def can_be_flagged(
    database: Database, *, principal: Principal, track_id: UUID | None, playlist_id: UUID | None
) -> bool:
    """Tracks that the caller sees, and playlists that everybody does."""
    track = select(Track.id).where(Track.id == track_id, visible_to(principal))
    playlist = select(Playlist.id).where(
        Playlist.id == playlist_id, Playlist.is_active, Playlist.is_public
    )
    return database.scalar(track if track_id else playlist) is not None


def add_flag(
    database: Database,
    *,
    reported_by: UUID | None,
    track_id: UUID | None,
    playlist_id: UUID | None,
    reason: str,
    note: str | None,
    now: datetime,
) -> ContentFlag:
    """The new one, or that which the person has open for the same thing."""
    added = insert(ContentFlag).values(
        reported_by=reported_by,
        track_id=track_id,
        playlist_id=playlist_id,
        reason=reason,
        note=note,
        created_at=now,
    )
    # Only an update returns the row that is there.
    statement = added.on_conflict_do_update(
        index_elements=[ContentFlag.reported_by, ContentFlag.thing_id],
        index_where=OPEN,
        set_={ContentFlag.reported_by: added.excluded.reported_by},
    )
    return database.scalars(statement.returning(ContentFlag)).one()


def lock_thing(database: Database, thing_id: UUID) -> Thing | None:
    """A track, or a playlist that its owner has not deleted and that is public or was reported:
    what people keep to themselves concerns no moderator."""
    reported = select(ContentFlag.id).where(ContentFlag.playlist_id == Playlist.id).exists()
    is_there = Playlist.is_active & (Playlist.is_public | reported)
    hidden = Playlist.hidden_at.is_not(None)
    playlist = select(Playlist).where(Playlist.id == thing_id, hidden | is_there)
    return database.scalar(
        select(Track).where(Track.id == thing_id).with_for_update(key_share=True)
    ) or database.scalar(playlist.with_for_update(key_share=True))


def set_hidden(database: Database, thing: Thing, *, hidden_at: datetime | None) -> None:
    """What is active shows: a hidden thing is not, nor is one that went meanwhile."""
    thing.hidden_at = hidden_at
    gone = isinstance(thing, Track) and bool(thing.deleted_at or thing.missing_since)
    thing.is_active = hidden_at is None and not gone
    database.flush()


def close_flags(database: Database, thing_id: UUID, *, state: FlagState, now: datetime) -> int:
    """How many were open."""
    closed = database.scalars(
        update(ContentFlag)
        .where(ContentFlag.thing_id == thing_id, ContentFlag.state == FlagState.OPEN)
        .values(state=state, closed_at=now)
        .returning(ContentFlag.id)
        .execution_options(synchronize_session=False)
    )
    return len(closed.all())


def add_act(database: Database, act: ModerationAct) -> None:
    database.add(act)
    database.flush()


def name_of(database: Database, user_id: UUID) -> str:
    return database.scalars(select(User.username).where(User.id == user_id)).one()


def list_flags(database: Database, thing_id: UUID, *, limit: int) -> list[tuple[ContentFlag, str]]:
    """With the name of who reported it; empty where the account is gone."""
    found = database.execute(
        select(ContentFlag, func.coalesce(User.username, ""))
        .outerjoin(User, User.id == ContentFlag.reported_by)
        .where(ContentFlag.thing_id == thing_id)
        .order_by(ContentFlag.created_at.desc(), ContentFlag.id)
        .limit(limit)
    )
    return [(flag, name) for flag, name in found]


def list_acts(
    database: Database, *, thing_id: UUID | None = None, offset: int = 0, limit: int
) -> list[ModerationAct]:
    newest = select(ModerationAct).order_by(ModerationAct.acted_at.desc(), ModerationAct.id)
    if thing_id is not None:
        newest = newest.where(ModerationAct.thing_id == thing_id)
    return list(database.scalars(newest.offset(offset).limit(limit)))


def count_acts(database: Database) -> int:
    return database.scalar(select(func.count()).select_from(ModerationAct)) or 0
