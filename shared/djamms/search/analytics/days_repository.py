"""Searches by day: summed up once a day is over, counted from the searches themselves before."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session as Database

from djamms.models.search_analytics import RecordedSearch, SearchDay

# Milliseconds are kept in steps of so much, from a tenth of one on: a percentile is right to 2 %.
STEP, SMALLEST_MS = 1.04, 0.1
LARGEST_POSITION = 10_000

NAMED = {
    "day": "(searched_at AT TIME ZONE 'UTC')::date",
    "span": "searched_at >= :live_since AND searched_at < :live_until",
    "step": STEP,
    "smallest": SMALLEST_MS,
    "largest": LARGEST_POSITION,
}
DAYS = """
SELECT {day} AS day, count(*) AS searches, count(DISTINCT searcher) AS searchers,
    count(*) FILTER (WHERE result_count = 0) AS zero_results,
    count(*) FILTER (WHERE clicks > 0) AS clicked,
    count(*) FILTER (WHERE clicks = 0 AND result_count > 0) AS abandoned,
    count(*) FILTER (WHERE degraded) AS degraded
FROM searches WHERE {span} GROUP BY 1""".format(**NAMED)
VALUES = """
SELECT {day} AS day, 'ms' AS measure, engine,
    round(ln(greatest(elapsed_ms, {smallest})::float8 / {smallest}) / ln({step}::float8))
        ::smallint AS bucket, count(*) AS searches
FROM searches WHERE {span} GROUP BY 1, engine, bucket
UNION ALL
SELECT {day}, 'position', engine, least(click_position, {largest})::smallint AS bucket,
    count(*)
FROM searches WHERE {span} AND click_position IS NOT NULL GROUP BY 1, engine, bucket""".format(
    **NAMED
)
QUERIES = """
SELECT {day} AS day, query, count(*) AS searches, count(DISTINCT searcher) AS searchers,
    count(*) FILTER (WHERE result_count = 0) AS zero_results,
    count(*) FILTER (WHERE clicks > 0) AS clicked, coalesce(sum(click_position), 0) AS position_sum
FROM searches WHERE {span} AND query <> '' GROUP BY 1, query""".format(**NAMED)
SUM_UP = [
    text(f"INSERT INTO {table} {rows} ON CONFLICT DO NOTHING".replace("::", "\\:\\:"))
    for table, rows in (
        ("search_days", DAYS),
        ("search_day_values", VALUES),
        ("search_day_queries", QUERIES),
    )
]


def summed_up_until(database: Database) -> date | None:
    """The first day that is not; None while none is."""
    return database.scalar(select(func.max(SearchDay.day) + 1))


def oldest_day(database: Database, *, since: date | None) -> date | None:
    """The first from `since` on in which there was a search."""
    oldest = select(func.min(RecordedSearch.searched_at))
    if since is not None:
        oldest = oldest.where(RecordedSearch.searched_at >= midnight(since))
    found = database.scalar(oldest)
    return found and found.astimezone(UTC).date()


def sum_up(database: Database, day: date) -> None:
    """Once: what was summed up before stays."""
    span = {"live_since": midnight(day), "live_until": midnight(day + timedelta(days=1))}
    for statement in SUM_UP:
        database.execute(statement, span)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
