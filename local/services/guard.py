"""Keep a service running: notice its end, start it again, give up when it does not stay."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

from local.errors import LocalError

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.25
MOST_RESTARTS, WITHIN_SECONDS = 5, 60.0


class Guard:
    """Runs a service's start and stop in one thread of its own, which lives as long as the guard:
    the service is told to end when the thread that started it does."""

    def __init__(
        self,
        name: str,
        *,
        start: Callable[[], object],
        stop: Callable[[], None],
        is_alive: Callable[[], bool],
        restarted: Callable[[], Awaitable[None]],
    ) -> None:
        self.name = name
        self._start, self._stop, self._is_alive = start, stop, is_alive
        self._restarted = restarted
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._restarts: deque[float] = deque(maxlen=MOST_RESTARTS)

    async def start(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._start)

    async def stop(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._stop)
        self._thread.shutdown(wait=False)

    async def watch(self) -> None:
        """Until cancelled. Raises LocalError when the service ends again and again."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if not self._is_alive():
                await self._restart()

    async def _restart(self) -> None:
        now = time.monotonic()
        if len(self._restarts) == MOST_RESTARTS and now - self._restarts[0] < WITHIN_SECONDS:
            raise LocalError(
                f"{self.name} ended {MOST_RESTARTS} times within a minute; see its log."
            )
        self._restarts.append(now)
        logger.warning("%s ended; starting it again", self.name)
        await self.start()
        await self._restarted()
        logger.warning("%s is back after %.1f s", self.name, time.monotonic() - now)
