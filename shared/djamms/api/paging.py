from typing import Annotated, Any

from fastapi import Query, Request, Response
from starlette.datastructures import URL

from djamms.config import config

PageNumber = Annotated[int, Query(ge=1, le=1_000_000)]
Cursor = Annotated[str | None, Query(max_length=100)]
Limit = Annotated[int, Query(ge=1, le=1000)]


def describe_page(
    request: Request,
    response: Response,
    *,
    total: int,
    cursor: str | None = None,
    page: int | None = None,
    has_next: bool = False,
) -> None:
    """`X-Total-Count` and `Link` (RFC 8288), with the request's other words: the next page behind
    `cursor` or, where `has_next`, by number; the one before where pages have numbers; the first."""
    response.headers["X-Total-Count"] = str(total)
    links = []
    by_number = page is not None and "cursor" not in request.query_params
    if cursor:
        links.append(_link(request, "next", cursor=cursor))
    elif has_next and page:
        links.append(_link(request, "next", page=page + 1))
    if by_number and page and page > 1:
        links.append(_link(request, "prev", page=page - 1))
    if (page or 1) > 1 or "cursor" in request.query_params:
        links.append(_link(request, "first"))
    if links:
        response.headers["Link"] = ", ".join(links)


def _link(request: Request, relation: str, **words: Any) -> str:
    url: URL = request.url.remove_query_params(["cursor", "page"]).include_query_params(**words)
    path = url.path.removeprefix("/api")
    query = f"?{url.query}" if url.query else ""
    return f'<{config.api_base_url}{path}{query}>; rel="{relation}"'
