"""What keeps accounts safe: attempts to sign in, addresses that are known, passwords forgotten."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from djamms.models.base import Base, CreatedAt
from djamms.models.user import User


class LoginThrottle(Base):
    """Failed attempts in a row. The key is a keyed hash: whom it is of cannot be read from it."""

    __tablename__ = "login_throttles"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    blocked_until: Mapped[datetime]
    last_failed_at: Mapped[datetime] = mapped_column(index=True)


class KnownAddress(Base):
    """From where a person has signed in, as a keyed hash."""

    __tablename__ = "known_addresses"

    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), primary_key=True)
    address_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(index=True)


class PasswordReset(CreatedAt, Base):
    """A link that was sent; its id is the request's, so that a message that comes twice is one."""

    __tablename__ = "password_resets"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
