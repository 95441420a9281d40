from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, String, Uuid, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from djamms.models.base import Base, Json
from djamms.models.playlist import Playlist
from djamms.models.user import User


class PlaylistAction(StrEnum):
    CREATED = "created"
    # A version from before its playlist had a history.
    FOUND = "found"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    REORDERED = "reordered"
    RESTORED = "restored"
    # A list that filled itself by rules became one that is filled by hand.
    FROZEN = "frozen"
    # Rows of an imported file found their tracks, or somebody decided about them.
    MATCHED = "matched"
    DELETED = "deleted"


class PlaylistVersion(Base):
    """What one edit did, and how to get back from it to the version before."""

    __tablename__ = "playlist_versions"

    playlist_id: Mapped[UUID] = mapped_column(
        ForeignKey(Playlist.id, ondelete="CASCADE"), primary_key=True
    )
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    made_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    action: Mapped[str] = mapped_column(String(20))
    # How many entries, or fields of the playlist itself, the edit touched.
    changed: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    track_count: Mapped[int]
    undo: Mapped[Json] = mapped_column(server_default=text("'{}'"), default=dict)
    # All entries in their order before, where an edit moved many.
    order_before: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid()))
