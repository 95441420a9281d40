from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow, AnySelect
from djamms.models.playlist import Playlist
from djamms.models.schedule import ScheduleEntry
from djamms.scheduler.plan_repository import PLAYLIST_NAME, PLAYS
from djamms.security.permissions import Permission
from djamms.security.principal import Principal

PLAN = "schedule_entries"


def visible_to(principal: Principal) -> ColumnElement[bool]:
    """Who may change the plan sees what is switched off, too."""
    may_write = Permission.WRITE_SCHEDULES in principal.permissions
    return true() if may_write else ScheduleEntry.is_active.is_(True)


def lock_plan(database: Database) -> None:
    """Changes of the plan come one after the other, so that each is checked against all of it."""
    database.execute(select(func.pg_advisory_xact_lock(func.hashtext(PLAN))))


def list_entries(
    database: Database, *, principal: Principal, is_active: bool | None, limit: int
) -> Sequence[AnyRow]:
    """By their start, with the id and the name of their playlist: NULL and '' where it is gone."""
    wanted = _named().where(*_wanted(principal, is_active))
    return database.execute(
        wanted.order_by(ScheduleEntry.start_time, ScheduleEntry.id).limit(limit)
    ).all()


def count_entries(database: Database, *, principal: Principal, is_active: bool | None) -> int:
    counted = select(func.count()).select_from(ScheduleEntry)
    return database.scalar(counted.where(*_wanted(principal, is_active))) or 0


def _wanted(principal: Principal, is_active: bool | None) -> list[ColumnElement[bool]]:
    narrowed = true() if is_active is None else ScheduleEntry.is_active.is_(is_active)
    return [visible_to(principal), narrowed]


def find_entry(database: Database, *, principal: Principal, entry_id: UUID) -> AnyRow | None:
    wanted = _named().where(ScheduleEntry.id == entry_id, visible_to(principal))
    return database.execute(wanted.execution_options(populate_existing=True)).one_or_none()


def find_entries(database: Database, ids: Collection[UUID]) -> Sequence[AnyRow]:
    """Whatever is named, for those who were told of it by what plays."""
    return database.execute(_named().where(ScheduleEntry.id.in_(ids))).all()


def count_active_entries(database: Database) -> int:
    active = select(func.count()).select_from(ScheduleEntry).where(ScheduleEntry.is_active)
    return database.scalar(active) or 0


def add_entry(database: Database, **values: Any) -> None:
    database.add(ScheduleEntry(**values))
    database.flush()


def delete_entry(database: Database, entry: ScheduleEntry) -> None:
    database.delete(entry)
    database.flush()


def _named() -> AnySelect:
    return select(ScheduleEntry, Playlist.id.label("shown_id"), PLAYLIST_NAME).outerjoin(
        Playlist, (Playlist.id == ScheduleEntry.playlist_id) & PLAYS
    )
