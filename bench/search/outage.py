"""Clients that search on while something happens to an engine, and what became of each request."""

import asyncio
import gzip
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.client import HEAD_END, LENGTH, rotated

OK = 200
GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Answer:
    """`began` on the clock of `time.monotonic`; `status` is 0 where the connection broke."""

    began: float
    milliseconds: float
    status: int
    engine: str = ""
    degraded: bool = False


@dataclass(slots=True)
class Clients:
    """`clients` of them, each with the next of `requests` as soon as it has its answer."""

    port: int
    requests: Sequence[bytes]
    clients: int
    answers: list[Answer] = field(default_factory=list)
    _stopped: bool = False

    def run_beside(self, happening: Callable[["Clients"], None]) -> None:
        """Until `happening` returns, in a thread of its own."""
        asyncio.run(self._run(happening))

    def last(self) -> Answer | None:
        return self.answers[-1] if self.answers else None

    async def _run(self, happening: Callable[["Clients"], None]) -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(self.clients):
                group.create_task(self._client(number * len(self.requests) // self.clients))
            try:
                await asyncio.to_thread(happening, self)
            finally:
                self._stopped = True

    async def _client(self, start: int) -> None:
        connection = None
        for data in rotated(list(self.requests), start):
            if self._stopped:
                break
            began = time.monotonic()
            try:
                connection = connection or await asyncio.open_connection("127.0.0.1", self.port)
                status, body = await _exchange(*connection, data)
            except (OSError, asyncio.IncompleteReadError):
                connection, status, body = None, 0, b""
            self.answers.append(_answer(began, status, body))
        if connection:
            connection[1].close()
            await connection[1].wait_closed()


async def _exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, data: bytes
) -> tuple[int, bytes]:
    writer.write(data)
    head = await reader.readuntil(HEAD_END)
    lower = head.lower()
    start = lower.index(LENGTH) + len(LENGTH)
    body = await reader.readexactly(int(lower[start : lower.index(b"\r", start)]))
    return int(head[9:12]), body


def _answer(began: float, status: int, body: bytes) -> Answer:
    milliseconds = (time.monotonic() - began) * 1000
    found = json.loads(gzip.decompress(body) if body.startswith(GZIP) else body) if body else {}
    return Answer(began, milliseconds, status, found.get("engine", ""), bool(found.get("degraded")))


@dataclass(frozen=True, slots=True)
class Outage:
    """What an outage at `since` did. `recovery_seconds`: from when the engine is back until it
    answers again."""

    requests: int
    failed: int
    degraded: int
    slowest_ms: float
    recovery_seconds: float


def outage(answers: Sequence[Answer], *, since: float, back: float) -> Outage:
    during = [one for one in answers if one.began + one.milliseconds / 1000 >= since]
    degraded = [one for one in during if one.degraded]
    again = [one.began for one in during if one.began >= back and not one.degraded]
    return Outage(
        requests=len(during),
        failed=sum(one.status != OK for one in during),
        degraded=len(degraded),
        slowest_ms=max((one.milliseconds for one in during), default=0.0),
        recovery_seconds=min(again, default=back) - back,
    )
