"""Searches by day: summed up hour by hour, counted from the searches themselves before."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import TextClause, func, select, text, update
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
    "before": "searched_at >= :midnight AND searched_at < :live_since",
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
SELECT {day} AS day, query, count(*) AS searches, count(DISTINCT origin) AS searchers,
    count(*) FILTER (WHERE result_count = 0) AS zero_results,
    count(*) FILTER (WHERE clicks > 0) AS clicked, coalesce(sum(click_position), 0) AS position_sum
FROM searches WHERE {span} AND query <> '' GROUP BY 1, query""".format(**NAMED)
# Of one hour; whoever searched before on its day is counted already.
NEW_IN_DAY = """
SELECT live.day, live.searches, (
        SELECT count(*) FROM (
            SELECT searcher FROM searches WHERE {span} AND searcher IS NOT NULL
            EXCEPT SELECT searcher FROM searches WHERE {before}) AS new
    ) AS searchers, live.zero_results, live.clicked, live.abandoned, live.degraded,
    CAST(:live_until AS timestamptz) AS summed_until
FROM ({live}) AS live""".format(live=DAYS, **NAMED)  # noqa: S608
NEW_IN_QUERIES = """
SELECT live.day, live.query, live.searches, coalesce(new.searchers, 0) AS searchers,
    live.zero_results, live.clicked, live.position_sum
FROM ({live}) AS live LEFT JOIN (
    SELECT query, count(*) AS searchers FROM (
        SELECT query, origin FROM searches WHERE {span} AND origin IS NOT NULL
        EXCEPT SELECT query, origin FROM searches WHERE {before}) AS pairs
    GROUP BY query
) AS new USING (query)""".format(live=QUERIES, **NAMED)  # noqa: S608


def _adding(table: str, rows: str, key: str, *columns: str, last: str = "") -> TextClause:
    added = [f"{name} = sums.{name} + excluded.{name}" for name in columns]
    put = ", ".join([*added, *([f"{last} = excluded.{last}"] if last else [])])
    names = ", ".join([key, *columns, *([last] if last else [])])
    sql = f"""INSERT INTO {table} AS sums ({names})
SELECT {names} FROM ({rows}) AS rows ON CONFLICT ({key}) DO UPDATE SET {put}"""  # noqa: S608
    return text(sql.replace("::", "\\:\\:"))


COUNTS = ("searches", "searchers", "zero_results", "clicked")
SUM_UP = [
    _adding(
        "search_days", NEW_IN_DAY, "day", *COUNTS, "abandoned", "degraded", last="summed_until"
    ),
    _adding("search_day_values", VALUES, "day, measure, engine, bucket", "searches"),
    _adding("search_day_queries", NEW_IN_QUERIES, "day, query", *COUNTS, "position_sum"),
]
HOUR = timedelta(hours=1)


def lock(database: Database) -> None:
    """Until the transaction is over nobody else sums up: an hour would count twice."""
    database.execute(select(func.pg_advisory_xact_lock(func.hashtext("search_days"))))


def summed_until(database: Database) -> datetime | None:
    """The first moment that is not summed up; None while none is."""
    return database.scalar(select(func.max(SearchDay.summed_until)))


def summed_up_until(database: Database) -> date | None:
    """The first day that is not, or not wholly; None while none is."""
    moment = summed_until(database)
    return moment and moment.astimezone(UTC).date()


def oldest_hour(database: Database, *, before: datetime) -> datetime | None:
    """The first that is not summed up in which there was a search."""
    since = summed_until(database)
    oldest = select(func.min(RecordedSearch.searched_at))
    if since is not None:
        oldest = oldest.where(RecordedSearch.searched_at >= since)
    found = database.scalar(oldest.where(RecordedSearch.searched_at < before))
    return found and found.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def sum_up(database: Database, hour: datetime) -> None:
    """Once each, the older ones first."""
    span = {
        "midnight": midnight(hour.date()),
        "live_since": hour,
        "live_until": hour + HOUR,
    }
    for statement in SUM_UP:
        database.execute(statement, span)


def note_silence(database: Database, *, until: datetime) -> None:
    """Nothing was searched for from where the sums end until then."""
    newest = select(func.max(SearchDay.day)).scalar_subquery()
    later = update(SearchDay).where(SearchDay.day == newest, SearchDay.summed_until < until)
    database.execute(later.values(summed_until=until))


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
