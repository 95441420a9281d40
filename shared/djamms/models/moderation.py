"""What people report of tracks and playlists, and what moderators did about it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, String, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from djamms.models.base import Base, CreatedAt, UuidKey
from djamms.models.playlist import Playlist
from djamms.models.track import Track
from djamms.models.user import User

OPEN = text("state = 'open'")


class FlagState(StrEnum):
    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


class ContentFlag(CreatedAt, Base):
    """One person's report. `thing_id` is that of the track or of the playlist."""

    __tablename__ = "content_flags"

    id: Mapped[UuidKey]
    track_id: Mapped[UUID | None] = mapped_column(ForeignKey(Track.id, ondelete="CASCADE"))
    playlist_id: Mapped[UUID | None] = mapped_column(ForeignKey(Playlist.id, ondelete="CASCADE"))
    thing_id: Mapped[UUID] = mapped_column(
        Computed("coalesce(track_id, playlist_id)", persisted=True), index=True
    )
    reported_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(String(30))
    note: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(
        String(20), server_default=FlagState.OPEN, default=FlagState.OPEN
    )
    closed_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("(track_id IS NULL) <> (playlist_id IS NULL)", name="of_one_thing"),
        CheckConstraint("state IN ('open', 'upheld', 'dismissed')", name="state_known"),
        Index(
            "ix_content_flags_one_open",
            reported_by,
            thing_id,
            unique=True,
            postgresql_where=OPEN,
        ),
        Index("ix_content_flags_open", thing_id, postgresql_where=OPEN),
    )


class ModerationAct(Base):
    """A line of the log. A trigger refuses to change or delete one; so that it outlives people and
    things, it names them in words and refers to no row."""

    __tablename__ = "moderation_log"

    id: Mapped[UuidKey]
    acted_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)
    moderator_id: Mapped[UUID]
    moderator: Mapped[str] = mapped_column(String(50))
    act: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20))
    thing_id: Mapped[UUID] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    flags_closed: Mapped[int]
