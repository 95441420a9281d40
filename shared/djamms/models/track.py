from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    REAL,
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from djamms.models.base import Base, Json, Timestamps, UuidKey
from djamms.models.user import User

ACTIVE = text("is_active")
NOTHING = text("'{}'")


class Track(Timestamps, Base):
    """A playable recording. Before its tags are read it is an Upload."""

    __tablename__ = "tracks"

    id: Mapped[UuidKey]
    title: Mapped[str] = mapped_column(String(255))
    artist: Mapped[str] = mapped_column(String(255))
    album: Mapped[str | None] = mapped_column(String(255))
    genre: Mapped[str | None] = mapped_column(String(100))
    duration_seconds: Mapped[int] = mapped_column("duration", Integer)
    year: Mapped[int | None] = mapped_column()
    bitrate_kbps: Mapped[int | None] = mapped_column("bitrate")
    size_bytes: Mapped[int | None] = mapped_column("file_size", BigInteger)
    # In the order of a listing, which is that of the bytes.
    object_key: Mapped[str] = mapped_column("file_path", Text(collation="C"))
    # Key of the small artwork in the media bucket; the other two sizes lie beside it.
    thumbnail_key: Mapped[str | None] = mapped_column("thumbnail_url", Text)
    # Only for audio that lies elsewhere: a local track's address is signed on each request.
    audio_url: Mapped[str | None] = mapped_column(Text)
    popularity: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    play_count: Mapped[int] = mapped_column(BigInteger, server_default=text("0"), default=0)
    # `metadata` is taken by the declarative base.
    raw_metadata: Mapped[Json] = mapped_column(
        "metadata", server_default=text("'{}'"), default=dict
    )
    is_active: Mapped[bool] = mapped_column(server_default=text("true"), default=True)

    is_public: Mapped[bool] = mapped_column(server_default=text("true"), default=True)
    uploaded_by: Mapped[UUID | None] = mapped_column(
        ForeignKey(User.id, ondelete="SET NULL"), index=True
    )
    source: Mapped[str] = mapped_column(String(20), server_default="local", default="local")
    content_type: Mapped[str] = mapped_column(String(100))
    track_number: Mapped[int | None] = mapped_column(SmallInteger)
    disc_number: Mapped[int | None] = mapped_column(SmallInteger)
    isrc: Mapped[str | None] = mapped_column(String(12), index=True)
    album_artist: Mapped[str | None] = mapped_column(String(255))
    # Each by itself; empty where `artist` and `genre` say it all.
    artists: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=NOTHING, default=list)
    genres: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=NOTHING, default=list)
    # What both are found by, in any spelling.
    artist_keys: Mapped[list[str]] = mapped_column(
        ARRAY(Text), Computed("folded_names(artists || artist::text)", persisted=True)
    )
    genre_keys: Mapped[list[str]] = mapped_column(
        ARRAY(Text), Computed("genre_keys(genres || genre::text)", persisted=True)
    )
    # Moods of the file until people give it words of their own; what genres say is not repeated.
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=NOTHING, default=list)
    composer: Mapped[str | None] = mapped_column(String(255))
    label: Mapped[str | None] = mapped_column(String(255))
    explicit: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    rating: Mapped[int | None] = mapped_column(SmallInteger)
    bpm: Mapped[float | None] = mapped_column(REAL)
    musical_key: Mapped[str | None] = mapped_column(String(10))
    deleted_at: Mapped[datetime | None] = mapped_column()
    # By a moderator; what is hidden is not active either.
    hidden_at: Mapped[datetime | None] = mapped_column()
    # From the bucket; what is missing is not active either.
    missing_since: Mapped[datetime | None] = mapped_column()

    __table_args__ = (
        CheckConstraint("duration > 0", name="duration_positive"),
        CheckConstraint("popularity BETWEEN 0 AND 100", name="popularity_percent"),
        CheckConstraint("rating BETWEEN 0 AND 5", name="rating_stars"),
        CheckConstraint("hidden_at IS NULL OR NOT is_active", name="hidden_is_inactive"),
        CheckConstraint("missing_since IS NULL OR NOT is_active", name="missing_is_inactive"),
        Index(
            "ix_tracks_missing_since",
            missing_since,
            postgresql_where=text("missing_since IS NOT NULL"),
        ),
        Index("ix_tracks_object_key", object_key, postgresql_where=text("deleted_at IS NULL")),
        Index("ix_tracks_hidden_at", hidden_at, postgresql_where=text("hidden_at IS NOT NULL")),
        Index("idx_tracks_genre", genre),
        Index("idx_tracks_metadata", raw_metadata, postgresql_using="gin"),
        Index("ix_tracks_artist_keys", artist_keys, postgresql_using="gin"),
        Index("ix_tracks_genre_keys", genre_keys, postgresql_using="gin"),
        # Most tracks have none, and cost it nothing.
        Index(
            "ix_tracks_tag_keys",
            func.genre_keys(tags),
            postgresql_using="gin",
            postgresql_where=text("tags <> '{}'"),
        ),
        Index(
            "ix_tracks_of_album",
            func.folded(func.coalesce(album, "")),
            func.folded(func.coalesce(album_artist, artist)),
            postgresql_where=ACTIVE,
        ),
        Index("ix_tracks_deleted_at", deleted_at, postgresql_where=text("NOT is_active")),
        # What rows of imported playlists are compared with: titles without asides.
        Index("ix_tracks_match_key", func.match_key(title), postgresql_where=ACTIVE),
        # For parts of names.
        Index(
            "ix_tracks_title_trigrams",
            func.folded(title).label("folded"),
            postgresql_using="gin",
            postgresql_ops={"folded": "gin_trgm_ops"},
        ),
        Index(
            "ix_tracks_artist_trigrams",
            func.folded(artist).label("folded"),
            postgresql_using="gin",
            postgresql_ops={"folded": "gin_trgm_ops"},
        ),
        Index(
            "ix_tracks_album_trigrams",
            func.folded(album).label("folded"),
            postgresql_using="gin",
            postgresql_ops={"folded": "gin_trgm_ops"},
        ),
        # One for each order that a list can have, with all that it takes to skip rows unread.
        Index(
            "idx_tracks_title",
            func.folded(title),
            "id",
            postgresql_include=["is_public", "title"],
            postgresql_where=ACTIVE,
        ),
        Index(
            "idx_tracks_artist",
            func.folded(artist),
            "id",
            postgresql_include=["is_public", "artist"],
            postgresql_where=ACTIVE,
        ),
        Index(
            "ix_tracks_by_album",
            func.folded(func.coalesce(album, "")),
            "id",
            postgresql_include=["is_public", "album"],
            postgresql_where=ACTIVE,
        ),
        Index(
            "ix_tracks_by_year",
            func.coalesce(year, 0),
            "id",
            postgresql_include=["is_public", "year"],
            postgresql_where=ACTIVE,
        ),
        # Tracks without a year come last in both directions.
        Index(
            "ix_tracks_by_year_up",
            func.coalesce(year, 9999),
            "id",
            postgresql_include=["is_public", "year"],
            postgresql_where=ACTIVE,
        ),
        Index(
            "ix_tracks_by_duration",
            duration_seconds,
            "id",
            postgresql_include=["is_public"],
            postgresql_where=ACTIVE,
        ),
        Index(
            "idx_tracks_popularity",
            popularity.desc(),
            text("id DESC"),
            postgresql_include=["is_public"],
            postgresql_where=ACTIVE,
        ),
        Index(
            "ix_tracks_by_plays",
            play_count.desc(),
            text("id DESC"),
            postgresql_include=["is_public"],
            postgresql_where=ACTIVE,
        ),
        # The library's first page: newest first, what can be seen only.
        Index(
            "ix_tracks_newest",
            text("created_at DESC"),
            text("id DESC"),
            "is_public",
            postgresql_where=ACTIVE,
        ),
    )


class UploadState(StrEnum):
    UPLOADING = "uploading"
    PROCESSING = "processing"
    READY = "ready"
    FAILED = "failed"


# The failure code of an upload that its owner took back: it ends as failed, whatever still arrives.
CANCELLED = "cancelled"


class Upload(Timestamps, Base):
    """A file on its way to becoming the track of the same id."""

    __tablename__ = "uploads"

    id: Mapped[UuidKey]
    uploaded_by: Mapped[UUID] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), index=True)
    filename: Mapped[str] = mapped_column(String(255))
    content_type: Mapped[str] = mapped_column(String(100))
    # As announced by the client; the object's own length is what counts.
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    object_key: Mapped[str] = mapped_column(Text, unique=True)
    state: Mapped[str] = mapped_column(String(20), default=UploadState.UPLOADING)
    failure_code: Mapped[str | None] = mapped_column(String(50))
    failure_message: Mapped[str | None] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"), default=0)
    correlation_id: Mapped[str | None] = mapped_column(String(64))
    is_public: Mapped[bool] = mapped_column(server_default=text("true"), default=True)
    expires_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(
            "state IN ('uploading', 'processing', 'ready', 'failed')", name="state_known"
        ),
        Index(
            "ix_uploads_pending",
            "updated_at",
            postgresql_where=text("state IN ('uploading', 'processing')"),
        ),
    )
