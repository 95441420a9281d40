from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Computed,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    String,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from djamms.models.base import Base, CreatedAt, Timestamps, UuidKey
from djamms.models.playlist import Playlist
from djamms.models.user import User

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAYS = ", ".join(f"'{day}'" for day in WEEKDAYS)


class ScheduleEntry(Timestamps, Base):
    """A playlist that plays on some days of the week between two wall-clock times of its own zone.

    An end at or before the start lies on the next day; the weekday is the start's. With `dates` it
    plays on those alone, whatever their weekday; never on one of `except_dates`.
    """

    __tablename__ = "schedule_entries"

    id: Mapped[UuidKey]
    title: Mapped[str] = mapped_column(String(255))
    playlist_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Playlist.id, ondelete="SET NULL"), index=True
    )
    selected_days: Mapped[list[str]] = mapped_column(ARRAY(String(10)))
    # The first of them.
    day_of_week: Mapped[str] = mapped_column(
        String(10), Computed("selected_days[1]", persisted=True)
    )
    start_time: Mapped[time] = mapped_column()
    end_time: Mapped[time] = mapped_column()
    timezone: Mapped[str] = mapped_column(String(50), server_default="UTC", default="UTC")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    dates: Mapped[list[date]] = mapped_column(ARRAY(Date), server_default="{}", default=list)
    except_dates: Mapped[list[date]] = mapped_column(ARRAY(Date), server_default="{}", default=list)
    priority: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"), default=0)
    is_active: Mapped[bool] = mapped_column(server_default=text("true"), default=True)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))

    __table_args__ = (
        CheckConstraint(
            f"cardinality(selected_days) BETWEEN 1 AND 7 AND "
            f"selected_days <@ ARRAY[{_WEEKDAYS}]::varchar[]",
            name="days_known",
        ),
        CheckConstraint("starts_on <= ends_on", name="range_in_order"),
        Index("idx_schedule_entries_day_time", day_of_week, start_time),
    )


class ScheduleOverride(CreatedAt, Base):
    """Plays one playlist, or nothing in an emergency, whatever the entries say. It ends at
    `ends_at` by itself, or when it is cancelled."""

    __tablename__ = "schedule_overrides"

    id: Mapped[UuidKey]
    is_stop: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    playlist_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Playlist.id, ondelete="SET NULL"), index=True
    )
    reason: Mapped[str | None] = mapped_column(String(255))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    cancelled_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))

    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="ends_after_start"),
        CheckConstraint("NOT is_stop OR playlist_id IS NULL", name="stop_plays_nothing"),
        # What may still hold: few of many.
        Index(
            "ix_schedule_overrides_open",
            "starts_at",
            postgresql_where=text("cancelled_at IS NULL"),
        ),
    )


class PlayoutZone(Base):
    """A place in which one thing plays at a time, and until when its plan has been followed."""

    __tablename__ = "playout_zones"

    name: Mapped[str] = mapped_column(String(50), primary_key=True)
    followed_until: Mapped[datetime]


class PlayoutSource(StrEnum):
    STOP = "stop"
    OVERRIDE = "override"
    ENTRY = "entry"
    DEFAULT = "default"
    NOTHING = "nothing"


class PlayoutEvent(Base):
    """What became current in a zone, and when: the history, and the outbox of the domain event.

    It keeps ids and names of what may be gone by now.
    """

    __tablename__ = "playout_events"

    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    zone: Mapped[str] = mapped_column(ForeignKey(PlayoutZone.name))
    at: Mapped[datetime]
    until: Mapped[datetime | None]
    source: Mapped[str] = mapped_column(String(20))
    rule: Mapped[str] = mapped_column(String(20))
    entry_id: Mapped[UUID | None]
    override_id: Mapped[UUID | None]
    title: Mapped[str] = mapped_column(String(255))
    playlist_id: Mapped[UUID | None]
    playlist: Mapped[str] = mapped_column(String(255))
    # Found out later than a minute's tick would have.
    is_missed: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())
    published_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("zone", "at"),
        Index("ix_playout_events_unpublished", "id", postgresql_where=text("published_at IS NULL")),
    )
