"""What the reports read: days that are summed up, and the searches of those that are not yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import TextClause, select, text
from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow
from djamms.models.system import SystemSetting
from djamms.search.analytics.days_repository import (
    DAYS,
    QUERIES,
    VALUES,
    midnight,
    summed_up_until,
)

SETTINGS = {
    "search.anonymise_days": 30,
    "search.retention_days": 365,
    "search.least_searchers": 3,
}


def _statement(sql: str, **parts: str) -> TextClause:
    return text(sql.format(**parts).replace("::", "\\:\\:"))


BY_DAY = _statement(
    """
SELECT day, searches, searchers, zero_results, clicked, abandoned, degraded
FROM search_days WHERE day >= :since AND day < :sums_until
UNION ALL {live} ORDER BY day""",
    live=DAYS,
)

# Of each day, of each engine, and of all.
PERCENTILES = _statement(
    """
WITH counted AS MATERIALIZED (
    SELECT day, measure, engine, bucket, searches
    FROM search_day_values WHERE day >= :since AND day < :sums_until
    UNION ALL ({live})
), keyed AS (
    SELECT CASE WHEN grouping(day) = 0 THEN day::text
                WHEN grouping(engine) = 0 THEN engine ELSE 'all' END AS key,
        grouping(engine) = 0 AS is_engine, measure, bucket, sum(searches) AS searches
    FROM counted
    GROUP BY GROUPING SETS ((day, measure, bucket), (engine, measure, bucket), (measure, bucket))
), placed AS (
    SELECT key, is_engine, measure, bucket, searches,
        sum(searches) OVER (PARTITION BY key, is_engine, measure ORDER BY bucket) AS up_to_here,
        sum(searches) OVER (PARTITION BY key, is_engine, measure) AS of_all
    FROM keyed
)
SELECT key, is_engine, measure, max(of_all)::int AS searches,
    (sum(bucket * searches) / max(of_all))::float8 AS mean,
    min(bucket) FILTER (WHERE up_to_here >= of_all * 0.5) AS p50,
    min(bucket) FILTER (WHERE up_to_here >= of_all * 0.95) AS p95,
    min(bucket) FILTER (WHERE up_to_here >= of_all * 0.99) AS p99
FROM placed GROUP BY key, is_engine, measure""",
    live=VALUES,
)

# Words that too few searched for in one day could name a person: they are counted, not shown.
WORDS = """
WITH counted AS (
    SELECT query, searches, searchers, zero_results, clicked, position_sum
    FROM search_day_queries WHERE day >= :since AND day < :sums_until
    UNION ALL
    SELECT query, searches, searchers, zero_results, clicked, position_sum FROM ({live}) AS live
), summed AS MATERIALIZED (
    SELECT query, sum(searches)::int AS searches, sum(searchers)::int AS searchers,
        sum(zero_results)::int AS zero_results, sum(clicked)::int AS clicked,
        sum(position_sum)::int AS position_sum, max(searchers) >= :least_searchers AS is_shown
    FROM counted GROUP BY query HAVING {wanted}
), shown AS (
    SELECT query, searches, searchers, zero_results, clicked, position_sum
    FROM summed WHERE is_shown ORDER BY {order} DESC, query OFFSET :offset LIMIT :limit
)
SELECT shown.*, counts.*
FROM (
    SELECT count(*) FILTER (WHERE is_shown) AS total,
        count(*) FILTER (WHERE NOT is_shown) AS withheld,
        coalesce(sum({order}) FILTER (WHERE NOT is_shown), 0)::int AS withheld_searches
    FROM summed
) AS counts LEFT JOIN shown ON true ORDER BY shown.{order} DESC, shown.query"""
TOP = _statement(WORDS, live=QUERIES, wanted="true", order="searches")
ZERO = _statement(WORDS, live=QUERIES, wanted="sum(zero_results) > 0", order="zero_results")


@dataclass(frozen=True, slots=True)
class Span:
    """Days in UTC; `until` is not in."""

    since: date
    until: date


def by_day(database: Database, span: Span) -> Sequence[AnyRow]:
    return database.execute(BY_DAY, _bound(database, span)).all()


def percentiles(database: Database, span: Span) -> Sequence[AnyRow]:
    """Under the key of a day as ISO 8601 writes it, of an engine, or `all`."""
    return database.execute(PERCENTILES, _bound(database, span)).all()


def words(
    database: Database, span: Span, *, zero_results: bool, least: int, offset: int, limit: int
) -> Sequence[AnyRow]:
    """At least one row, which has the counts; its `query` is null where there is none to show."""
    values = {"least_searchers": least, "offset": offset, "limit": limit}
    statement = ZERO if zero_results else TOP
    return database.execute(statement, {**_bound(database, span), **values}).all()


def _bound(database: Database, span: Span) -> dict[str, Any]:
    summed = summed_up_until(database)
    live: datetime = midnight(max(span.since, summed) if summed else span.since)
    return {
        "since": span.since,
        # A day that is summed up in part is counted from its searches.
        "sums_until": min(span.until, summed) if summed else span.since,
        "live_since": live,
        "live_until": max(live, midnight(span.until)),
    }


def settings(database: Database) -> dict[str, int]:
    """What is not a whole number above zero counts as not set."""
    rows = database.execute(
        select(SystemSetting.key, SystemSetting.value).where(SystemSetting.key.in_(SETTINGS))
    )
    given = {row.key: row.value for row in rows if type(row.value) is int and row.value > 0}
    return SETTINGS | given
