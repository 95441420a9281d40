from datetime import time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from djamms.models.base import Base, Timestamps, UuidKey
from djamms.models.playlist import Playlist
from djamms.models.user import User


class ScheduleEntry(Timestamps, Base):
    """A playlist that plays on a weekday between two wall-clock times of its own zone.

    An end at or before the start lies on the next day; the weekday is the start's.
    """

    __tablename__ = "schedule_entries"

    id: Mapped[UuidKey]
    title: Mapped[str] = mapped_column(String(255))
    playlist_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Playlist.id, ondelete="SET NULL"), index=True
    )
    day_of_week: Mapped[str] = mapped_column(String(10))
    start_time: Mapped[time] = mapped_column()
    end_time: Mapped[time] = mapped_column()
    timezone: Mapped[str] = mapped_column(String(50), server_default="UTC", default="UTC")
    is_active: Mapped[bool] = mapped_column(server_default=text("true"), default=True)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))

    __table_args__ = (
        CheckConstraint(
            "day_of_week IN ('monday', 'tuesday', 'wednesday', 'thursday', 'friday', "
            "'saturday', 'sunday')",
            name="day_known",
        ),
        Index("idx_schedule_entries_day_time", day_of_week, start_time),
    )
