from collections.abc import Sequence

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session as Database

from djamms.models.schedule import PlayoutEvent


def list_events(database: Database, *, before: int | None, limit: int) -> Sequence[PlayoutEvent]:
    """The last to be recorded first, from behind the one with the id `before`."""
    behind = PlayoutEvent.id < before if before is not None else true()
    found = select(PlayoutEvent).where(behind).order_by(PlayoutEvent.id.desc())
    return database.scalars(found.limit(limit)).all()


def count_events(database: Database) -> int:
    return database.scalar(select(func.count()).select_from(PlayoutEvent)) or 0
