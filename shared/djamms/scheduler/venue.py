"""The venue's plan as it stands in the database."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow
from djamms.models.schedule import WEEKDAYS
from djamms.scheduler import plan_repository as repository
from djamms.scheduler.plan.contenders import Entry, Override
from djamms.scheduler.plan.instants import instant_of
from djamms.scheduler.plan.resolver import Plan
from djamms.scheduler.plan.zones import known_zones


@dataclass(frozen=True, slots=True)
class Playing:
    """A playlist by its id and name."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Venue:
    """`entries` are the active ones; `overrides` those that held since it was asked for. `default`
    plays where nothing is due; None is silence. `zone` is that of new entries."""

    entries: tuple[Entry, ...]
    overrides: tuple[Override, ...]
    default: Playing | None
    zone: str

    def plan(self) -> Plan:
        return Plan((*self.entries, *self.overrides))


def load(database: Database, *, since: datetime) -> Venue:
    """With the overrides that held at some time since then."""
    settings = repository.read_settings(database)
    return Venue(
        entries=tuple(map(_planned, repository.read_entries(database))),
        overrides=tuple(map(to_override, repository.read_overrides(database, since=since))),
        default=None if settings.id is None else Playing(settings.id, settings.name),
        zone=zone_of(settings),
    )


def zone_of(settings: AnyRow) -> str:
    """UTC where the setting is missing or names no zone: no entry is to be made with such a one."""
    return settings.zone if settings.zone in known_zones() else "UTC"


def _planned(row: AnyRow) -> Entry:
    return Entry(
        id=row.id,
        playlist_id=row.playlist_id,
        zone=row.timezone,
        start=row.start,
        end=row.end,
        created_at=row.created_at,
        weekdays=_weekdays(row.selected_days),
        first=row.first,
        last=row.last,
        dates=_ordinals(row.dates),
        except_dates=_ordinals(row.except_dates),
        priority=row.priority,
        title=row.title,
        playlist=row.playlist,
    )


@lru_cache(maxsize=256)
def _weekdays(days: str) -> int:
    return sum(1 << WEEKDAYS.index(day) for day in days.split(","))


def _ordinals(dates: str) -> frozenset[int]:
    return frozenset(date.fromisoformat(one).toordinal() for one in dates.split(",") if one)


def to_entry(row: AnyRow) -> Entry:
    """Of a row with the columns of an entry, and `playlist`, its playlist's name."""
    return Entry(
        id=row.id,
        playlist_id=row.playlist_id,
        zone=row.timezone,
        start=row.start_time.hour * 60 + row.start_time.minute,
        end=row.end_time.hour * 60 + row.end_time.minute,
        created_at=row.created_at.timestamp(),
        weekdays=sum(1 << WEEKDAYS.index(day) for day in row.selected_days),
        first=row.starts_on.toordinal() if row.starts_on else None,
        last=row.ends_on.toordinal() if row.ends_on else None,
        dates=frozenset(day.toordinal() for day in row.dates),
        except_dates=frozenset(day.toordinal() for day in row.except_dates),
        priority=row.priority,
        title=row.title,
        playlist=row.playlist,
    )


def to_override(row: AnyRow) -> Override:
    return Override(
        id=row.id,
        playlist_id=row.playlist_id,
        starts_at=instant_of(row.starts_at),
        ends_at=None if row.ends_at is None else instant_of(row.ends_at),
        created_at=row.created_at.timestamp(),
        is_stop=row.is_stop,
        title=row.reason or "",
        playlist=row.playlist,
    )
