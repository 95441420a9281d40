"""Rate limits: so many requests of one caller in a fixed window.

Every operation that writes has one: the one that it states, or WRITES. Reads are not counted here,
because counting is a write: API Gateway's stage and the firewall bound them (docs/decisions).
Counted in a transaction of its own before the request, so that a request which fails counts too.
Headers as in draft-ietf-httpapi-ratelimit-headers-07.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fastapi import Request
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from djamms import clock
from djamms.db.session import transaction
from djamms.errors import InvalidToken, TooManyRequests
from djamms.models.request import RateCount
from djamms.security.network import network_of
from djamms.security.signing import read_bearer

EXTENSION = "x-rate-limit"
# Under which name a request's state holds its headers.
HEADERS = "rate_limit_headers"


@dataclass(frozen=True, slots=True)
class Limit:
    requests: int
    seconds: int


# A program that edits as fast as it can stays below it; one that has gone mad does not.
WRITES = Limit(requests=6000, seconds=60)


def at_most(requests: int, *, seconds: int) -> dict[str, Any]:
    """For a route's `openapi_extra`: how often one caller may use it."""
    return {EXTENSION: {"requests": requests, "seconds": seconds}}


def read_limit(extra: dict[str, Any] | None) -> Limit | None:
    stated = (extra or {}).get(EXTENSION)
    return Limit(**stated) if stated else None


def count(request: Request, name: str, limit: Limit, caller: str) -> None:
    """Leaves the headers that say what is left with the request; raises TooManyRequests."""
    now = clock.now()
    start = window_start(now, limit)
    with transaction() as database:
        used = add_request(database, bucket=f"{name} {caller}", start=start)
    reset = max(1, round((start + timedelta(seconds=limit.seconds) - now).total_seconds()))
    request.scope["state"][HEADERS] = {
        "RateLimit-Policy": f"{limit.requests};w={limit.seconds}",
        "RateLimit-Limit": str(limit.requests),
        "RateLimit-Remaining": str(max(0, limit.requests - used)),
        "RateLimit-Reset": str(reset),
    }
    if used > limit.requests:
        raise TooManyRequests(
            f"Too many requests. Try again in {reset} seconds.",
            headers={"Retry-After": str(reset)},
        )


def account_of(request: Request) -> str:
    """Who is signed in, so that people behind one address do not share what is theirs; "" when
    nobody is. A token's signature is enough: no statement is spent on it."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        with suppress(InvalidToken):
            claims = read_bearer(token.strip())
            return f"user {claims.user_id}"
    return ""


def address_of(request: Request) -> str:
    """API Gateway's sourceIp: what a client says of itself in X-Forwarded-For has no say."""
    return request.client.host if request.client else "unknown"


def network_at(request: Request) -> str:
    return network_of(address_of(request))


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
