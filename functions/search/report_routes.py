from datetime import date
from typing import Annotated

from fastapi import Query, Request, Response

from djamms.api.paging import Limit, PageNumber, describe_page
from djamms.api.route import Database, create_router, needs
from djamms.search.analytics import reports
from djamms.search.analytics.schemas import QueryReport, SearchSummary
from djamms.security.permissions import Permission

ADMIN = needs(Permission.ADMIN_SYSTEM)
First = Annotated[
    date | None,
    Query(alias="from", description="The first day, in UTC; six days before the last without it."),
]
Last = Annotated[date | None, Query(alias="to", description="The last day; today without it.")]

router = create_router("/api/music/search/analytics", tag="search")


@router.get("/summary", openapi_extra=ADMIN)
async def search_summary(
    database: Database, first: First = None, last: Last = None
) -> SearchSummary:
    """How much is searched, how often in vain, what is opened, how long it takes: of all days from
    the first to the last, of each engine and of each day."""
    return reports.summary(database, reports.read_span(first, last))


@router.get("/queries", openapi_extra=ADMIN)
async def top_queries(
    request: Request,
    response: Response,
    database: Database,
    first: First = None,
    last: Last = None,
    page: PageNumber = 1,
    limit: Limit = 100,
) -> QueryReport:
    """What is searched for, most often first."""
    span = reports.read_span(first, last)
    report = reports.queries(database, span, zero_results=False, page=page, limit=limit)
    _describe(request, response, report)
    return report


@router.get("/zero-results", openapi_extra=ADMIN)
async def queries_without_results(
    request: Request,
    response: Response,
    database: Database,
    first: First = None,
    last: Last = None,
    page: PageNumber = 1,
    limit: Limit = 100,
) -> QueryReport:
    """What is searched for in vain, most often first."""
    span = reports.read_span(first, last)
    report = reports.queries(database, span, zero_results=True, page=page, limit=limit)
    _describe(request, response, report)
    return report


def _describe(request: Request, response: Response, report: QueryReport) -> None:
    has_next = report.page * report.limit < report.total
    describe_page(request, response, total=report.total, page=report.page, has_next=has_next)
