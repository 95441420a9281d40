"""What the plan is made of."""

from collections.abc import Sequence
from datetime import date, datetime, time

from sqlalchemy import (
    ColumnElement,
    Date,
    Float,
    Integer,
    ScalarSelect,
    SQLColumnExpression,
    extract,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow
from djamms.models.playlist import Playlist
from djamms.models.schedule import ScheduleEntry, ScheduleOverride
from djamms.models.system import SystemSetting
from djamms.models.user import User
from djamms.security.permissions import PERMISSIONS, Permission

ZONE = "venue.timezone"
DEFAULT_PLAYLIST = "playlist.default"
PLANNERS = [role for role, may in PERMISSIONS.items() if Permission.WRITE_SCHEDULES in may]

# A playlist that is deleted plays nothing, and has no name.
PLAYS = Playlist.is_active
PLAYLIST_NAME = func.coalesce(Playlist.name, "").label("playlist")


def read_entries(database: Database) -> Sequence[AnyRow]:
    """Those that are active, as plain numbers and texts: a plan is read by every request, and to
    parse times, dates and arrays would be half of its work."""
    entry = ScheduleEntry
    return database.execute(
        select(
            entry.id,
            entry.title,
            entry.timezone,
            entry.priority,
            extract("epoch", entry.created_at).cast(Float).label("created_at"),
            _minutes(entry.start_time).label("start"),
            _minutes(entry.end_time).label("end"),
            func.array_to_string(entry.selected_days, ",").label("selected_days"),
            _ordinal(entry.starts_on).label("first"),
            _ordinal(entry.ends_on).label("last"),
            func.array_to_string(entry.dates, ",").label("dates"),
            func.array_to_string(entry.except_dates, ",").label("except_dates"),
            Playlist.id.label("playlist_id"),
            PLAYLIST_NAME,
        )
        .outerjoin(Playlist, (Playlist.id == entry.playlist_id) & PLAYS)
        .where(entry.is_active)
    ).all()


def _minutes(clock: SQLColumnExpression[time]) -> ColumnElement[int]:
    return (extract("hour", clock) * 60 + extract("minute", clock)).cast(Integer)


def _ordinal(day: SQLColumnExpression[date | None]) -> ColumnElement[int]:
    """As `date.toordinal`."""
    return (day - literal(date.min, Date)).cast(Integer) + 1


ENDED = func.least(ScheduleOverride.ends_at, ScheduleOverride.cancelled_at)  # NULL where both are
OVERRIDE_COLUMNS = (
    ScheduleOverride.id,
    ScheduleOverride.is_stop,
    ScheduleOverride.starts_at,
    ENDED.label("ends_at"),
    ScheduleOverride.created_at,
    ScheduleOverride.reason,
    Playlist.id.label("playlist_id"),
    PLAYLIST_NAME,
)


def read_overrides(database: Database, *, since: datetime) -> Sequence[AnyRow]:
    """Those that held at some time since then."""
    return database.execute(
        select(*OVERRIDE_COLUMNS)
        .outerjoin(Playlist, (Playlist.id == ScheduleOverride.playlist_id) & PLAYS)
        .where(or_(ENDED.is_(None), func.greatest(since, ScheduleOverride.starts_at) < ENDED))
    ).all()


def read_settings(database: Database) -> AnyRow:
    """The venue's `zone`, and the default playlist as `id` and `name`, all of which may be NULL.
    The default is said by its id or by its name, which only a playlist has that nobody owns or
    somebody who may change the plan: else who takes that name would say what the venue plays. Of
    several it is the oldest."""
    said = _setting(DEFAULT_PLAYLIST)
    owner = select(User.role).where(User.id == Playlist.owner_id).scalar_subquery()
    is_venues = Playlist.owner_id.is_(None) | owner.in_(PLANNERS)
    named = (Playlist.name == said) & is_venues
    default = (
        select(Playlist.id, Playlist.name)
        .where(PLAYS, or_(named, func.text(Playlist.id) == func.lower(said)))
        .order_by(Playlist.created_at, Playlist.id)
        .limit(1)
        .subquery()
    )
    one = select(_setting(ZONE).label("zone")).subquery()
    return database.execute(
        select(one.c.zone, default.c.id, default.c.name).outerjoin(default, true())
    ).one()


def _setting(key: str) -> ScalarSelect[str]:
    value = SystemSetting.value[()].astext
    return select(value).where(SystemSetting.key == key).scalar_subquery()
