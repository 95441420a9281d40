from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CursorResult, Delete, Select, Update, delete, select, tuple_, update
from sqlalchemy.orm import Session as Database

from djamms.models.search_analytics import RecordedSearch, SearchDayQuery

KEY = tuple_(SearchDayQuery.day, SearchDayQuery.query)


def anonymise(database: Database, *, before: datetime, limit: int) -> int:
    """Searches that are somebody's; returns of how many the searcher was taken out."""
    known = select(RecordedSearch.id).where(
        RecordedSearch.searched_at < before, RecordedSearch.searcher.is_not(None)
    )
    some = _oldest(known, limit)
    return _run(
        database, update(RecordedSearch).where(RecordedSearch.id.in_(some)).values(searcher=None)
    )


def delete_searches(database: Database, *, before: datetime, limit: int) -> int:
    """With what was opened of them."""
    old = select(RecordedSearch.id).where(RecordedSearch.searched_at < before)
    return _run(database, delete(RecordedSearch).where(RecordedSearch.id.in_(_oldest(old, limit))))


def delete_rare_words(database: Database, *, before: date, least: int, limit: int) -> int:
    """Of days before: what no report shows."""
    rare = select(SearchDayQuery.day, SearchDayQuery.query).where(
        SearchDayQuery.day < before, SearchDayQuery.searchers < least
    )
    return _run(database, delete(SearchDayQuery).where(KEY.in_(rare.limit(limit))))


def _oldest(ids: Select[UUID], limit: int) -> Select[UUID]:
    return ids.order_by(RecordedSearch.searched_at).limit(limit)


def _run(database: Database, change: Update | Delete) -> int:
    done = database.execute(change, execution_options={"synchronize_session": False})
    return done.rowcount if isinstance(done, CursorResult) else 0
