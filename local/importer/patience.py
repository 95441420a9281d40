"""Trying again: when, how often, and when to stop."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

BUSY = frozenset({429, 502, 503, 504})
DISK_FULL = 507
MAX_SERVER_ERRORS = 5
FIRST_DELAY_SECONDS = 0.25
MAX_DELAY_SECONDS = 10.0
MAX_RETRY_AFTER_SECONDS = 120.0

type Send = Callable[[], Awaitable[httpx.Response]]


class ServerAway(Exception):
    """Nothing answered for as long as we were willing to wait: the whole run ends."""


@dataclass(slots=True)
class Patience:
    """`on_trouble` is told in a few words what is being waited for."""

    seconds: float = 300.0
    on_trouble: Callable[[str], None] = lambda _: None
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    clock: Callable[[], float] = time.monotonic

    async def get(self, send: Send) -> httpx.Response:
        """The first answer that trying again would not improve. Raises ServerAway."""
        deadline = self.clock() + self.seconds
        attempt = 0
        while True:
            try:
                response = await send()
            except httpx.TransportError as error:
                delay, trouble = backoff(attempt), describe(error)
            else:
                if not deserves_another(response, attempt):
                    return response
                delay = retry_after(response) or backoff(attempt)
                trouble = f"the server answered {response.status_code}"
            if self.clock() + delay > deadline:
                raise ServerAway(trouble)
            self.on_trouble(trouble)
            await self.sleep(delay)
            attempt += 1


def deserves_another(response: httpx.Response, attempt: int) -> bool:
    """A busy server does; so does one that failed, but not for ever. A full disk stays full."""
    if response.status_code in BUSY:
        return True
    failed = response.status_code >= 500 and response.status_code != DISK_FULL
    return failed and attempt < MAX_SERVER_ERRORS - 1


def backoff(attempt: int) -> float:
    """Full jitter: many workers that failed together do not come back together."""
    ceiling = min(FIRST_DELAY_SECONDS * 2 ** min(attempt, 10), MAX_DELAY_SECONDS)
    return random.uniform(ceiling / 4, ceiling)  # noqa: S311 -- no secret


def retry_after(response: httpx.Response) -> float | None:
    """Seconds of the `Retry-After` header, in either of its forms (RFC 9110 §10.2.3)."""
    text = response.headers.get("Retry-After", "")
    if text.isdigit():
        return min(float(text), MAX_RETRY_AFTER_SECONDS)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    wait = (moment.astimezone(UTC) - datetime.now(UTC)).total_seconds()
    return min(max(wait, 0.0), MAX_RETRY_AFTER_SECONDS)


def describe(error: httpx.TransportError) -> str:
    if isinstance(error, httpx.ConnectError):
        return "nothing answers"
    if isinstance(error, httpx.TimeoutException):
        return "the answer takes too long"
    return "the connection broke"
