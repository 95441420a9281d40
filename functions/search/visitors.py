from fastapi import Request

from djamms.api.limits import network_at
from djamms.search.analytics.searcher import Visitor

LONGEST = 200


def read_visitor(request: Request) -> Visitor:
    agent, session = (
        request.headers.get(name, "")[:LONGEST] for name in ("user-agent", "x-session-id")
    )
    return Visitor(network_at(request), agent, session)
