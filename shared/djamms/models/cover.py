"""The picture of a playlist: one of its own, or a mosaic of its tracks' artwork."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from djamms.models.base import Base
from djamms.models.playlist import Playlist


class CoverState(StrEnum):
    """Of the picture that was uploaded last; `none`: the mosaic's turn."""

    NONE = "none"
    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


class PlaylistCover(Base):
    __tablename__ = "playlist_covers"

    playlist_id: Mapped[UUID] = mapped_column(
        ForeignKey(Playlist.id, ondelete="CASCADE"), primary_key=True
    )
    state: Mapped[str] = mapped_column(
        String(20), server_default=CoverState.NONE, default=CoverState.NONE
    )
    # The raw picture's key ends in it: only the one that was announced last counts.
    upload_id: Mapped[UUID | None] = mapped_column()
    failure: Mapped[str | None] = mapped_column(Text)
    # A form can be sent for some minutes: what never came is not waited for longer.
    requested_at: Mapped[datetime | None] = mapped_column()
    # Where the sizes lie that are shown now; each picture has a folder that cannot be guessed.
    folder: Mapped[str | None] = mapped_column(Text)
    is_own: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    # The artworks in the mosaic that is shown, in their order.
    made_of: Mapped[list[str]] = mapped_column(
        ARRAY(Text), server_default=text("'{}'"), default=list
    )
    # Of a list with rules: the artworks of its first tracks when they were last changed or looked
    # at. `ingest` reads no rules.
    candidates: Mapped[list[str]] = mapped_column(
        ARRAY(Text), server_default=text("'{}'"), default=list
    )
    # When a new mosaic was last ordered, so that many edits order one.
    asked_at: Mapped[datetime | None] = mapped_column()
    # When the sweep last saw whether there is anything to order.
    looked_at: Mapped[datetime | None] = mapped_column(index=True)

    __table_args__ = (
        CheckConstraint("state IN ('none', 'waiting', 'ready', 'failed')", name="state_known"),
    )
