"""The workers of one function: who gets which request, and when there must be more of them."""

import asyncio
import time
from collections import deque

from local.assembly import Function
from local.invocation import InitFailed, Job, Throttled, error_message, error_payload
from local.worker import Kit, State, Worker

# A short queue is cheaper than a new process: another worker starts when a request has waited
# this long.
PATIENCE_SECONDS = 0.025


class Pool:
    """At most `limit` processes, started on first use, reused most recent first."""

    def __init__(
        self, function: Function, kit: Kit, *, limit: int, max_starting: int, max_wait: float
    ) -> None:
        self.function = function
        self.workers: set[Worker] = set()
        self._kit, self._limit, self._max_starting = kit, limit, max_starting
        self._max_wait = max_wait
        self._idle: list[Worker] = []
        self._queue: deque[Job] = deque()
        self._ready: list[asyncio.Future[None]] = []  # who waits in prewarm
        self._drained: list[asyncio.Future[None]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    def submit(self, job: Job) -> None:
        if self._idle:
            self._idle.pop().run(job)
            return
        job.queued_at = time.monotonic()
        self._queue.append(job)
        self._wait_for(job)
        if not self._fresh():
            self._start()
        else:
            self._grow_later()

    async def prewarm(self) -> None:
        """Returns when a worker waits for work. Raises InitFailed when the code does not load."""
        if self._idle:
            return
        future = asyncio.get_running_loop().create_future()
        self._ready.append(future)
        if not self._fresh():
            self._start()
        await future

    def replace(self) -> None:
        """New code: idle workers go now, busy ones after their request."""
        for worker in self.workers:
            worker.stale = True
        for worker in (*self._idle, *self._starting()):
            worker.kill()
        self._idle.clear()

    def retire(self, idle_seconds: float) -> None:
        """Ends workers that have been idle for long, but one."""
        now = time.monotonic()
        for worker in list(self._idle):
            if len(self._fresh()) > 1 and now - worker.last_used > idle_seconds:
                self._idle.remove(worker)
                worker.stale = True
                worker.kill()

    async def close(self) -> None:
        self._closed = True
        while (job := self._next()) is not None:
            job.fail("Runtime.ExitError", "the local stack stops")
        self._wake(InitFailed(f"{self.function.name}: the local stack stops"))
        for worker in list(self.workers):
            worker.kill()
        if self.workers:
            future = asyncio.get_running_loop().create_future()
            self._drained.append(future)
            await future

    # Owner: what workers report.

    def on_ready(self, worker: Worker) -> None:
        if worker.stale or self._closed:
            worker.kill()
            return
        self._wake(None)
        if (job := self._next()) is not None:
            worker.run(job)
            self._grow_later()
        else:
            self._idle.append(worker)

    def on_dead(self, worker: Worker, init_error: bytes | None) -> None:
        self.workers.discard(worker)
        if worker in self._idle:
            self._idle.remove(worker)
        if init_error is not None and not worker.stale:
            self._init_failed(init_error)
        elif (self._queue or self._ready) and not self._fresh() and not self._closed:
            self._start()
        if not self.workers:
            for future in self._drained:
                future.set_result(None)
            self._drained.clear()

    # Growing.

    def _fresh(self) -> list[Worker]:
        return [worker for worker in self.workers if not worker.stale]

    def _starting(self) -> list[Worker]:
        return [worker for worker in self.workers if worker.state is State.STARTING]

    def _start(self) -> None:
        worker = Worker(self.function, self._kit, self)
        self.workers.add(worker)
        task = asyncio.get_running_loop().create_task(self._run_start(worker))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run_start(self, worker: Worker) -> None:
        try:
            await worker.start()
        except OSError as error:
            worker.state = State.DEAD
            self.on_dead(worker, error_payload("Runtime.ExitError", f"cannot start: {error}"))

    def _grow_later(self) -> None:
        if self._queue and self._timer is None and len(self._fresh()) < self._limit:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(PATIENCE_SECONDS, self._grow)

    def _grow(self) -> None:
        self._timer = None
        if not self._queue or self._closed:
            return
        waited = time.monotonic() - self._queue[0].queued_at
        room = len(self._fresh()) < self._limit and len(self._starting()) < self._max_starting
        if room and waited >= PATIENCE_SECONDS * 0.9:
            self._start()
        self._grow_later()

    # Giving up.

    def _next(self) -> Job | None:
        """The oldest job that somebody still waits for."""
        while self._queue:
            job = self._queue.popleft()
            job.dequeue()
            if not job.future.done():
                return job
        return None

    def _wait_for(self, job: Job) -> None:
        loop = asyncio.get_running_loop()
        job.patience = loop.call_later(self._max_wait, self._give_up, job)

    def _give_up(self, job: Job) -> None:
        if self._starting():  # help is on its way
            self._wait_for(job)
            return
        self._queue.remove(job)
        if not job.future.done():
            text = f"{self.function.name}: all {len(self.workers)} workers are busy"
            job.future.set_exception(Throttled(text))

    def _init_failed(self, payload: bytes) -> None:
        """Nothing can answer: whoever waits would only meet the same error."""
        self._wake(InitFailed(f"{self.function.name}: {error_message(payload)}"))
        if any(worker.state in (State.IDLE, State.BUSY) for worker in self._fresh()):
            return
        while (job := self._next()) is not None:
            job.finish(payload, "Unhandled")

    def _wake(self, error: Exception | None) -> None:
        waiting, self._ready = self._ready, []
        for future in waiting:
            if future.done():
                continue
            if error is None:
                future.set_result(None)
            else:
                future.set_exception(error)
