from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from djamms.models.base import Base, CreatedAt, UuidKey
from djamms.models.playlist import Playlist
from djamms.models.user import User


class CollaboratorRole(StrEnum):
    VIEWER = "viewer"
    EDITOR = "editor"


class Collaborator(CreatedAt, Base):
    """Somebody besides the owner who reads or edits a playlist."""

    __tablename__ = "playlist_collaborators"

    playlist_id: Mapped[UUID] = mapped_column(
        ForeignKey(Playlist.id, ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey(User.id, ondelete="CASCADE"), primary_key=True, index=True
    )
    role: Mapped[str] = mapped_column(String(20))
    added_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))

    __table_args__ = (CheckConstraint("role IN ('viewer', 'editor')", name="role_known"),)


class PlaylistLink(CreatedAt, Base):
    """An address by which anybody reads a playlist. Of its token only a hash is kept."""

    __tablename__ = "playlist_links"

    id: Mapped[UuidKey]
    playlist_id: Mapped[UUID] = mapped_column(
        ForeignKey(Playlist.id, ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    expires_at: Mapped[datetime | None]
