from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, String, func, text
from sqlalchemy.orm import Mapped, mapped_column

from djamms.models.base import Base, Json


class AuditEvent(Base):
    """A security event. The database refuses to change one, and to delete one before its time.

    The ids refer to no table: an event outlives the account that it is about.
    """

    __tablename__ = "audit_log"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    occurred_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)
    event: Mapped[str] = mapped_column(String(50))
    # Whom it is about, and who did it where that is someone else.
    user_id: Mapped[UUID | None]
    actor_id: Mapped[UUID | None]
    source_ip: Mapped[str | None] = mapped_column(String(45))
    details: Mapped[Json] = mapped_column(server_default=text("'{}'"))

    __table_args__ = (
        Index("ix_audit_log_event", event, "id"),
        Index("ix_audit_log_user", "user_id", "id"),
        Index("ix_audit_log_actor", "actor_id", "id"),
    )
