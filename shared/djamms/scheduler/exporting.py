"""Entries for the calendars of people."""

from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.db.types import AnyRow
from djamms.models.schedule import ScheduleEntry
from djamms.scheduler import repository, service
from djamms.scheduler.calendar import Item, calendar
from djamms.scheduler.content import content_of
from djamms.scheduler.drafting import planned, shown_by
from djamms.security.principal import Principal

NAME = "DJAMMS"
MOST = 1000


def export_plan(database: Database, *, principal: Principal) -> str:
    """All active entries."""
    rows = repository.list_entries(database, principal=principal, is_active=True, limit=MOST)
    return calendar([_item(row) for row in rows], name=NAME, year=clock.now().year)


def export_entry(database: Database, *, principal: Principal, entry_id: UUID) -> str:
    """Raises NotFound."""
    row = service.find(database, principal=principal, entry_id=entry_id)
    return calendar([_item(row)], name=row.ScheduleEntry.title, year=clock.now().year)


def _item(row: AnyRow) -> Item:
    entry: ScheduleEntry = row.ScheduleEntry
    planned_ = planned(
        content_of(entry), shown_by(row), entry_id=entry.id, created_at=entry.created_at
    )
    return Item(planned_, entry.updated_at, entry.is_active)
