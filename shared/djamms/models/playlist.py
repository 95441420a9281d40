from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from djamms.models.base import Base, Json, Timestamps, UuidKey
from djamms.models.track import Track
from djamms.models.user import User


class Playlist(Timestamps, Base):
    """An ordered list of tracks. Without an owner it belongs to the installation."""

    __tablename__ = "playlists"

    id: Mapped[UuidKey]
    name: Mapped[str] = mapped_column(String(255))
    description: Mapped[str | None] = mapped_column(Text)
    owner_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(User.id, ondelete="CASCADE"), index=True
    )
    source: Mapped[str] = mapped_column(String(20), server_default="local", default="local")
    external_id: Mapped[str | None] = mapped_column(String(255))
    external_url: Mapped[str | None] = mapped_column(Text)
    thumbnail_url: Mapped[str | None] = mapped_column(Text)
    is_public: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    track_count: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    total_duration_seconds: Mapped[int] = mapped_column(
        "total_duration", server_default=text("0"), default=0
    )
    is_active: Mapped[bool] = mapped_column(server_default=text("true"), default=True)
    # Changes with every edit, so that a stale edit can be told from a current one.
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    # Of a list that fills itself: it has no entries.
    rules: Mapped[Json | None] = mapped_column(JSONB(none_as_null=True))
    # By a moderator; what is hidden is not active either.
    hidden_at: Mapped[datetime | None] = mapped_column()

    __table_args__ = (
        CheckConstraint("hidden_at IS NULL OR NOT is_active", name="hidden_is_inactive"),
        Index("ix_playlists_hidden_at", hidden_at, postgresql_where=text("hidden_at IS NOT NULL")),
    )


class PlaylistEntry(Base):
    """One place in a playlist. The same track may have several; `order_key` is sparse."""

    __tablename__ = "playlist_tracks"

    id: Mapped[UuidKey]
    playlist_id: Mapped[UUID] = mapped_column(ForeignKey(Playlist.id, ondelete="CASCADE"))
    track_id: Mapped[UUID] = mapped_column(ForeignKey(Track.id, ondelete="CASCADE"), index=True)
    order_key: Mapped[int] = mapped_column("position", BigInteger)
    added_at: Mapped[datetime] = mapped_column(server_default=func.now())
    added_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))

    __table_args__ = (Index("idx_playlist_tracks_position", playlist_id, order_key, "id"),)
