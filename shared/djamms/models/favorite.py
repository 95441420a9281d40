from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from djamms.models.base import Base, CreatedAt, UuidKey
from djamms.models.track import Track
from djamms.models.user import User


class Favorite(CreatedAt, Base):
    __tablename__ = "user_favorites"

    id: Mapped[UuidKey]
    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    track_id: Mapped[UUID] = mapped_column(ForeignKey(Track.id, ondelete="CASCADE"), index=True)

    __table_args__ = (
        Index("idx_user_favorites_unique", user_id, track_id, unique=True),
        Index("ix_user_favorites_newest", user_id, text("created_at DESC"), "id"),
    )
