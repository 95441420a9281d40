from datetime import datetime
from typing import Any

from sqlalchemy import func, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm import Session as Database

from djamms.models.base import Base
from djamms.models.library import PlaybackEvent
from djamms.models.search_analytics import RecordedSearch
from djamms.models.system import SystemSetting
from djamms.models.user import Session


def count_plays_since(database: Database, since: datetime) -> int:
    statement = select(func.count()).where(PlaybackEvent.played_at >= since)
    return database.scalar(statement) or 0


def count_searches_since(database: Database, since: datetime) -> int:
    statement = select(func.count()).where(RecordedSearch.searched_at >= since)
    return database.scalar(statement) or 0


def count_live_sessions(database: Database, now: datetime) -> int:
    live = Session.revoked_at.is_(None) & (Session.expires_at > now)
    return database.scalar(select(func.count()).where(live)) or 0


def baselines(database: Database) -> dict[str, float]:
    """From which values on the status is a warning: a system setting."""
    setting = SystemSetting.key == "monitoring.baselines"
    return dict(database.scalar(select(SystemSetting.value).where(setting)) or {})


def ping(database: Database) -> None:
    database.scalar(select(1))


def insert_missing(database: Database, model: type[Base], rows: list[dict[str, Any]]) -> None:
    """Adds rows whose key or unique name is not there yet."""
    database.execute(insert(model).values(rows).on_conflict_do_nothing())


def delete_older(
    database: Database,
    column: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
    *,
    before: datetime,
    limit: int,
) -> int:
    """Deletes at most `limit` rows of the column's table; returns how many it were."""
    table = column.class_.__table__
    oldest = select(*table.primary_key).where(column < before).limit(limit)
    keys = tuple_(*table.primary_key)
    gone = database.execute(table.delete().where(keys.in_(oldest)).returning(*table.primary_key))
    return len(gone.all())
