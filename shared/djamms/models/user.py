from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, func, text
from sqlalchemy.orm import Mapped, mapped_column

from djamms.models.base import Base, CreatedAt, Json, Timestamps, UuidKey


class Role(StrEnum):
    GUEST = "guest"
    USER = "user"
    MODERATOR = "moderator"
    ADMIN = "admin"


class User(Timestamps, Base):
    __tablename__ = "users"

    id: Mapped[UuidKey]
    username: Mapped[str] = mapped_column(String(50), unique=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    name: Mapped[str | None] = mapped_column(String(100))
    role: Mapped[str] = mapped_column(String(20), server_default=Role.USER, default=Role.USER)
    preferences: Mapped[Json] = mapped_column(server_default=text("'{}'"), default=dict)
    last_login: Mapped[datetime | None]
    is_active: Mapped[bool] = mapped_column(server_default=text("true"), default=True)
    # Both set once it is deleted: its time of grace ends with the second.
    deleted_at: Mapped[datetime | None]
    erase_after: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("role IN ('guest', 'user', 'moderator', 'admin')", name="role_known"),
        Index("ix_users_lower_username", func.lower(username), unique=True),
        Index("ix_users_lower_email", func.lower(email), unique=True),
        Index(
            "ix_users_erase_after", "erase_after", postgresql_where=text("erase_after IS NOT NULL")
        ),
        # Hashes of an older install: most often none.
        Index("ix_users_bcrypt", "id", postgresql_where=password_hash.like("$2%")),
    )


class Session(CreatedAt, Base):
    """One sign-in, and the family of its rotating refresh tokens."""

    __tablename__ = "sessions"

    id: Mapped[UuidKey]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    refresh_hash: Mapped[str] = mapped_column(String(64))
    # Of the token that was rotated away last: who shows that one late has a copy.
    previous_hash: Mapped[str | None] = mapped_column(String(64))
    refreshed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]
    # To within a few minutes: to note each request would be a write for each.
    last_used_at: Mapped[datetime] = mapped_column(server_default=func.now())
    user_agent: Mapped[str | None] = mapped_column(String(255))
    source_ip: Mapped[str | None] = mapped_column(String(45))
