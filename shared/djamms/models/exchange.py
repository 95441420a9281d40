"""Playlists that came from elsewhere: what their rows said, and what became of each."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from djamms.models.base import Base, CreatedAt, UuidKey
from djamms.models.playlist import Playlist
from djamms.models.track import Track
from djamms.models.user import User


class Choice(StrEnum):
    ACCEPT = "accept"
    REJECT = "reject"
    NEVER = "never"


class RowState(StrEnum):
    """`never`: a person said that no track is to stand for this row; `removed`: somebody took its
    entry out of the playlist."""

    MATCHED = "matched"
    DOUBTFUL = "doubtful"
    MISSING = "missing"
    NEVER = "never"
    REMOVED = "removed"


# A track that comes may be theirs.
WAITING = (RowState.DOUBTFUL, RowState.MISSING)
IS_WAITING = text("state IN ('doubtful', 'missing')")


class PlaylistImport(CreatedAt, Base):
    """One file that became a playlist."""

    __tablename__ = "playlist_imports"

    id: Mapped[UuidKey]
    playlist_id: Mapped[UUID] = mapped_column(
        ForeignKey(Playlist.id, ondelete="CASCADE"), index=True
    )
    imported_by: Mapped[UUID | None] = mapped_column(
        ForeignKey(User.id, ondelete="SET NULL"), index=True
    )
    format: Mapped[str] = mapped_column(String(20))
    filename: Mapped[str | None] = mapped_column(String(255))
    warnings: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))


class ImportRow(Base):
    """A row of the file. Its place is behind the rows before it, wherever their entries are now:
    an order key of its own would be wrong as soon as the playlist is renumbered."""

    __tablename__ = "playlist_import_rows"

    id: Mapped[UuidKey]
    import_id: Mapped[UUID] = mapped_column(ForeignKey(PlaylistImport.id, ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(Text)
    artist: Mapped[str] = mapped_column(Text)
    album: Mapped[str] = mapped_column(Text)
    duration_seconds: Mapped[int | None] = mapped_column("duration", Integer)
    isrc: Mapped[str | None] = mapped_column(String(12))
    location: Mapped[str | None] = mapped_column(Text)
    # By what a person's decision on these very words is found again.
    source_key: Mapped[str] = mapped_column(String(64))
    # By what it is found when a track arrives: `match_key` of its titles, `@` and its artists.
    keys: Mapped[list[str]] = mapped_column(ARRAY(Text))
    state: Mapped[str] = mapped_column(String(20))
    score: Mapped[float | None] = mapped_column()
    reasons: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    # [{"trackId", "score", "reasons", "doubts"}], best first.
    candidates: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    track_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Track.id, ondelete="SET NULL"), index=True
    )
    # The entry that stands for it, or was the last to do so, and those before. No foreign keys: an
    # entry that is taken out and put back is the same again.
    entry_id: Mapped[UUID | None] = mapped_column()
    former_entries: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), server_default=text("'{}'"))
    # Tracks that it is not, whoever said so.
    rejected: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), server_default=text("'{}'"))
    checked_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        Index("ix_playlist_import_rows_number", import_id, number, unique=True),
        Index(
            "ix_playlist_import_rows_keys",
            keys,
            postgresql_using="gin",
            postgresql_where=IS_WAITING,
        ),
        Index("ix_playlist_import_rows_isrc", isrc, postgresql_where=IS_WAITING),
    )


class MatchDecision(Base):
    """What a person said about a row, for the next file that says the same."""

    __tablename__ = "playlist_match_decisions"

    id: Mapped[UuidKey]
    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    source_key: Mapped[str] = mapped_column(String(64))
    decision: Mapped[str] = mapped_column(String(10))
    # None = no track at all.
    track_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Track.id, ondelete="CASCADE"), index=True
    )
    decided_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (Index("ix_playlist_match_decisions_source", user_id, source_key),)
