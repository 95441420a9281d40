"""Waits until sent files are tracks, with far fewer requests than files.

One list of the newest tracks settles many at once. Only what later files have overtaken is asked
for by itself: it failed, or fell behind other people's uploads.
"""

import asyncio
import time
from dataclasses import dataclass, field

from local.importer.api import Api, TrackState

LIST_ROWS = 50
SHORTEST_TICK_SECONDS = 0.1
LONGEST_TICK_SECONDS = 0.5
# With few waiting, a person may be looking on; with many, one list serves them all.
LONGEST_TICK_FOR_FEW_SECONDS = 0.3
FEW = 10
ASK_AFTER_SECONDS = 2.0
ASK_AT_ONCE = 8
# Queues keep no strict order; this much overtaking means nothing yet.
OVERTAKEN_BY = 30
# With nothing settled for so long, something was lost on the way: senders send again.
STALL_SECONDS = 30.0

READY = TrackState("ready")
STALLED = TrackState("stalled")
GONE = TrackState("gone")


@dataclass(slots=True)
class Waiting:
    future: asyncio.Future[TrackState]
    number: int
    ask_at: float
    pause: float


@dataclass(slots=True)
class Watcher:
    """`requests` counts what it cost."""

    api: Api
    requests: int = 0
    ask_after_seconds: float = ASK_AFTER_SECONDS
    stall_seconds: float = STALL_SECONDS
    _waiting: dict[str, Waiting] = field(default_factory=dict)
    _quiet_seconds: float = 0.0
    _number: int = 0
    _latest_settled: int = 0
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    async def settled(self, track_id: str) -> TrackState:
        """Ready, failed, `GONE` when the server does not know it, or `STALLED`."""
        now = time.monotonic()
        future: asyncio.Future[TrackState] = asyncio.get_running_loop().create_future()
        self._number += 1
        pause = self.ask_after_seconds
        self._waiting[track_id] = Waiting(future, self._number, now + pause, pause)
        self._wake.set()
        try:
            return await future
        finally:
            self._waiting.pop(track_id, None)

    async def run(self) -> None:
        """For ever; to be cancelled."""
        tick = SHORTEST_TICK_SECONDS
        while True:
            self._wake.clear()
            if not self._waiting:
                await self._wake.wait()
                tick, self._quiet_seconds = SHORTEST_TICK_SECONDS, 0.0
            await asyncio.sleep(tick)
            found = await self._list() + await self._ask()
            # Time in which the server did not answer at all does not count.
            self._quiet_seconds = 0.0 if found else self._quiet_seconds + tick
            if self._quiet_seconds > self.stall_seconds:
                self._give_up()
            longest = (
                LONGEST_TICK_SECONDS if len(self._waiting) > FEW else LONGEST_TICK_FOR_FEW_SECONDS
            )
            tick = min(tick * 1.5, longest)

    async def _list(self) -> int:
        """Turns pages for as long as they mostly show what is awaited."""
        found = page = 0
        while self._waiting:
            page += 1
            self.requests += 1
            ids, _ = await self.api.newest(LIST_ROWS, page)
            here = sum(self._settle(track_id, READY) for track_id in ids)
            found += here
            if here * 2 <= LIST_ROWS:
                break
        return found

    async def _ask(self) -> int:
        due = [track_id for track_id, item in self._waiting.items() if self._is_suspect(item)]
        return sum([await self._ask_one(track_id) for track_id in due[:ASK_AT_ONCE]])

    def _is_suspect(self, item: Waiting) -> bool:
        is_quiet = self._quiet_seconds >= self.ask_after_seconds / 2
        is_overtaken = item.number + OVERTAKEN_BY < self._latest_settled
        return item.ask_at <= time.monotonic() and (is_quiet or is_overtaken)

    async def _ask_one(self, track_id: str) -> bool:
        self.requests += 1
        state = await self.api.state(track_id)
        if state is None:
            return self._settle(track_id, GONE)
        if state.state in ("ready", "failed"):
            return self._settle(track_id, state)
        if item := self._waiting.get(track_id):
            item.pause *= 1.5
            item.ask_at = time.monotonic() + item.pause
        return False

    def _settle(self, track_id: str, state: TrackState) -> bool:
        item = self._waiting.pop(track_id, None)
        if item is None or item.future.done():
            return False
        item.future.set_result(state)
        self._latest_settled = max(self._latest_settled, item.number)
        return True

    def _give_up(self) -> None:
        for track_id in list(self._waiting):
            self._settle(track_id, STALLED)
        self._quiet_seconds = 0.0
