"""What a person collects and leaves behind, but for favorites, which every list of tracks asks for:
the stars, the histories."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from djamms.models.base import Base, CreatedAt, Json, UuidKey
from djamms.models.playlist import Playlist
from djamms.models.track import Track
from djamms.models.user import User


class StarredPlaylist(CreatedAt, Base):
    __tablename__ = "starred_playlists"

    id: Mapped[UuidKey]
    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    playlist_id: Mapped[UUID] = mapped_column(
        ForeignKey(Playlist.id, ondelete="CASCADE"), index=True
    )

    __table_args__ = (
        Index("idx_starred_playlists_unique", user_id, playlist_id, unique=True),
        Index("ix_starred_playlists_newest", user_id, text("created_at DESC"), "id"),
    )


class LibraryRemoval(Base):
    """When a favorite or a star was taken back last: a device that was not told brings a list which
    still has it. `thing_id` is that of the track or of the playlist."""

    __tablename__ = "library_removals"

    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), primary_key=True)
    thing_id: Mapped[UUID] = mapped_column(primary_key=True)
    removed_at: Mapped[datetime]


class PlaybackEvent(Base):
    __tablename__ = "playback_history"

    id: Mapped[UuidKey]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    track_id: Mapped[UUID | None] = mapped_column(ForeignKey(Track.id, ondelete="SET NULL"))
    played_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)
    duration_played_seconds: Mapped[int | None] = mapped_column("duration_played")
    source: Mapped[str | None] = mapped_column(String(50))
    # Given by the client, so that an event which is sent twice counts once.
    client_key: Mapped[str | None] = mapped_column(String(100))
    raw_metadata: Mapped[Json] = mapped_column(
        "metadata", server_default=text("'{}'"), default=dict
    )

    __table_args__ = (
        Index("idx_playback_history_user_time", user_id, played_at.desc()),
        Index("idx_playback_history_track", track_id),
        Index(
            "ix_playback_history_client_key",
            user_id,
            client_key,
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=client_key.is_not(None),
        ),
    )


class SearchEvent(Base):
    __tablename__ = "search_history"

    id: Mapped[UuidKey]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    query: Mapped[str] = mapped_column(Text)
    filters: Mapped[Json] = mapped_column(server_default=text("'{}'"), default=dict)
    result_count: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    clicked_track_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Track.id, ondelete="SET NULL"), index=True
    )
    searched_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (Index("idx_search_history_user_time", user_id, searched_at.desc()),)
