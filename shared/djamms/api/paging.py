from fastapi import Request

from djamms.config import config


def link_next(request: Request, cursor: str) -> str:
    """A `Link` header (RFC 8288) to the page behind `cursor`, with the request's other words."""
    url = request.url.include_query_params(cursor=cursor)
    path = url.path.removeprefix("/api")
    return f'<{config.api_base_url}{path}?{url.query}>; rel="next"'
