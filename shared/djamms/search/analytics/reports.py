"""How well search works, for administrators."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.db.types import AnyRow
from djamms.errors import Unprocessable
from djamms.search.analytics import report_repository as repository
from djamms.search.analytics.days_repository import SMALLEST_MS, STEP
from djamms.search.analytics.report_repository import Span
from djamms.search.analytics.schemas import (
    ClickPosition,
    DayFigures,
    EngineFigures,
    Figures,
    Latency,
    QueryFigures,
    QueryReport,
    SearchSummary,
)

USUAL_DAYS, MOST_DAYS = 7, 366
ONE_DAY = timedelta(days=1)
COUNTS = ("searches", "searchers", "zero_results", "clicked", "abandoned", "degraded")
type Percentiles = Mapping[tuple[str, str], AnyRow]


def read_span(first: date | None, last: date | None) -> Span:
    """Both days are in; the last seven without any. Raises Unprocessable."""
    last = last or max(first or date.min, clock.now().date())
    first = first or max(date.min + USUAL_DAYS * ONE_DAY, last) - (USUAL_DAYS - 1) * ONE_DAY
    if first > last:
        raise Unprocessable("from, to: the first day is after the last.")
    if not (date.min < first and last < date.max):
        raise Unprocessable("from, to: there are no reports of the ends of time.")
    if (last - first).days >= MOST_DAYS:
        raise Unprocessable(f"from, to: a report is of {MOST_DAYS} days at most.")
    return Span(first, last + ONE_DAY)


def summary(database: Database, span: Span) -> SearchSummary:
    days = {
        row.day: {name: getattr(row, name) for name in COUNTS}
        for row in repository.by_day(database, span)
    }
    found = repository.percentiles(database, span)
    percentiles = {(row.key, row.measure): row for row in found if not row.is_engine}
    total = {name: sum(day[name] for day in days.values()) for name in COUNTS}
    nothing = dict.fromkeys(COUNTS, 0)
    return SearchSummary(
        first=span.since,
        last=span.until - ONE_DAY,
        all=Figures(**_figures(total, percentiles, "all")),
        engines=list(_engines(found)),
        days=[
            DayFigures(day=day, **_figures(days.get(day, nothing), percentiles, day.isoformat()))
            for day in _each(span)
        ],
    )


def _each(span: Span) -> Iterable[date]:
    return (span.since + number * ONE_DAY for number in range((span.until - span.since).days))


def _figures(counts: Mapping[str, int], percentiles: Percentiles, key: str) -> dict[str, object]:
    searches = counts["searches"]
    positions = percentiles.get((key, "position"))
    return {
        "searches": searches,
        "searchers": counts["searchers"],
        "zero_result_share": _share(counts["zero_results"], searches),
        "click_through_rate": _share(counts["clicked"], searches),
        "abandonment": _share(counts["abandoned"], searches),
        "degraded_share": _share(counts["degraded"], searches),
        "click_position": ClickPosition(
            mean=positions and round(positions.mean, 2), median=positions and positions.p50
        ),
        "latency": _latency(percentiles.get((key, "ms"))),
    }


def _engines(found: Iterable[AnyRow]) -> Iterable[EngineFigures]:
    engines = [row for row in found if row.is_engine and row.measure == "ms"]
    for row in sorted(engines, key=lambda row: row.key):
        yield EngineFigures(engine=row.key, searches=row.searches, latency=_latency(row))


def _latency(row: AnyRow | None) -> Latency:
    if row is None:
        return Latency(p50=None, p95=None, p99=None)
    return Latency(p50=_ms(row.p50), p95=_ms(row.p95), p99=_ms(row.p99))


def _ms(bucket: int) -> float:
    return round(SMALLEST_MS * STEP**bucket, 1)


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def queries(
    database: Database, span: Span, *, zero_results: bool, page: int, limit: int
) -> QueryReport:
    """Most searched for first; or of those that found nothing, which did so most often."""
    least = repository.settings(database)["search.least_searchers"]
    rows = repository.words(
        database,
        span,
        zero_results=zero_results,
        least=least,
        offset=(page - 1) * limit,
        limit=limit,
    )
    return QueryReport(
        first=span.since,
        last=span.until - ONE_DAY,
        queries=[_query(row) for row in rows if row.query is not None],
        total=rows[0].total,
        page=page,
        limit=limit,
        least_searchers=least,
        withheld_queries=rows[0].withheld,
        withheld_searches=rows[0].withheld_searches,
    )


def _query(row: AnyRow) -> QueryFigures:
    return QueryFigures(
        query=row.query,
        searches=row.searches,
        searchers=row.searchers,
        zero_results=row.zero_results,
        click_through_rate=_share(row.clicked, row.searches),
        click_position=round(row.position_sum / row.clicked, 2) if row.clicked else None,
    )
