from typing import Any

from fastapi import Request

from djamms.api.limits import network_at
from djamms.search.analytics.searcher import Visitor

LONGEST = 200
# For a route's `openapi_extra`.
SESSION_HEADER: dict[str, Any] = {
    "name": "X-Session-Id",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": LONGEST},
}


def read_visitor(request: Request) -> Visitor:
    agent, session = (
        request.headers.get(name, "")[:LONGEST] for name in ("user-agent", "x-session-id")
    )
    return Visitor(network_at(request), agent, session)
