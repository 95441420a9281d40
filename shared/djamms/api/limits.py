"""Rate limits: so many requests of one caller in a fixed window.

Counted in a transaction of its own before the request, so that a request which fails counts too.
Headers as in draft-ietf-httpapi-ratelimit-headers-07.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fastapi import Request
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from djamms import clock
from djamms.db.session import transaction
from djamms.errors import TooManyRequests
from djamms.models.request import RateCount

EXTENSION = "x-rate-limit"


@dataclass(frozen=True, slots=True)
class Limit:
    requests: int
    seconds: int


def at_most(requests: int, *, seconds: int) -> dict[str, Any]:
    """For a route's `openapi_extra`: how often one caller may use it."""
    return {EXTENSION: {"requests": requests, "seconds": seconds}}


def read_limit(extra: dict[str, Any] | None) -> Limit | None:
    stated = (extra or {}).get(EXTENSION)
    return Limit(**stated) if stated else None


def count(request: Request, name: str, limit: Limit) -> dict[str, str]:
    """The headers that say what is left; raises TooManyRequests."""
    now = clock.now()
    start = window_start(now, limit)
    address = request.client.host if request.client else "unknown"
    with transaction() as database:
        used = add_request(database, bucket=f"{name} {address}", start=start)
    reset = max(1, round((start + timedelta(seconds=limit.seconds) - now).total_seconds()))
    headers = {
        "RateLimit-Policy": f"{limit.requests};w={limit.seconds}",
        "RateLimit-Limit": str(limit.requests),
        "RateLimit-Remaining": str(max(0, limit.requests - used)),
        "RateLimit-Reset": str(reset),
    }
    if used > limit.requests:
        raise TooManyRequests(
            f"Too many requests. Try again in {reset} seconds.",
            headers={**headers, "Retry-After": str(reset)},
        )
    return headers


def window_start(now: datetime, limit: Limit) -> datetime:
    return datetime.fromtimestamp(now.timestamp() // limit.seconds * limit.seconds, now.tzinfo)


def add_request(database: Session, *, bucket: str, start: datetime) -> int:
    """How many there were in this window, this one included."""
    counted = insert(RateCount).values(bucket=bucket, window_start=start, requests=1)
    statement = counted.on_conflict_do_update(
        index_elements=[RateCount.bucket, RateCount.window_start],
        set_={"requests": RateCount.requests + 1},
    )
    return database.scalars(statement.returning(RateCount.requests)).one()
