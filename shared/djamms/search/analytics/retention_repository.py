from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CursorResult, Delete, Select, delete, select, text, tuple_
from sqlalchemy.orm import Session as Database

from djamms.models.search_analytics import RecordedSearch, SearchDayQuery

KEY = tuple_(SearchDayQuery.day, SearchDayQuery.query)


# What was typed can name a person as well as a name can: words stay that enough searched for on
# that day, and of filters which ones there were.
ANONYMISE = text("""
UPDATE searches SET searcher = NULL, origin = NULL, anonymised = true,
    query = CASE WHEN EXISTS (
        SELECT FROM search_day_queries AS words
        WHERE words.day = CAST(searches.searched_at AT TIME ZONE 'UTC' AS date)
            AND words.query = searches.query AND words.searchers >= :least
    ) THEN query ELSE '' END,
    filters = (
        SELECT coalesce(jsonb_object_agg(name, ''), '{}')
        FROM jsonb_object_keys(filters) AS named (name))
WHERE id IN (
    SELECT id FROM searches WHERE searched_at < :before AND NOT anonymised
    ORDER BY searched_at LIMIT :limit)""")


def anonymise(database: Database, *, before: datetime, least: int, limit: int) -> int:
    """Returns of how many searches nothing tells any more whose they were."""
    done = database.execute(ANONYMISE, {"before": before, "least": least, "limit": limit})
    return done.rowcount if isinstance(done, CursorResult) else 0


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


def _run(database: Database, change: Delete) -> int:
    done = database.execute(change, execution_options={"synchronize_session": False})
    return done.rowcount if isinstance(done, CursorResult) else 0
