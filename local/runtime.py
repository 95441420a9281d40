"""All functions of the assembly, callable on this machine."""

import asyncio
import os
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local.assembly import Assembly, EventSource, Function, Role, Schedule
from local.iam.policy import Principal, Request
from local.iam.usage import UsageLog
from local.invocation import MAX_PAYLOAD_BYTES, InitFailed, Invocation, Job, PayloadTooLarge
from local.pool import Pool
from local.sandbox import Sandbox
from local.secrets_extension import SecretsExtension
from local.worker import INIT_TIMEOUT_SECONDS, Kit

_MEMORY_CHECK_SECONDS = 0.25


class NotAuthorized(Exception):
    """A role lacks the permission that a trigger needs; the text is AWS's sentence."""


@dataclass(frozen=True, slots=True)
class RuntimeConfig:
    """`directory` is private to this stack; `usage_log` outlives it."""

    root: Path
    directory: Path
    usage_log: Path
    secret_value: Callable[[str], str | None]
    log: Callable[[str, str], None]
    environment: Mapping[str, str] = field(default_factory=dict)
    max_workers: int = 2 * (os.cpu_count() or 1)  # where the template reserves no concurrency
    max_wait_seconds: float = 10.0
    idle_seconds: float = 300.0
    init_timeout_seconds: float = INIT_TIMEOUT_SECONDS


class Runtime:
    """Dispatches invocations to worker processes."""

    def __init__(self, assembly: Assembly, config: RuntimeConfig) -> None:
        self.assembly, self.config = assembly, config
        self.usage = UsageLog(config.usage_log)
        self.pools: dict[str, Pool] = {}
        self._pipe: tuple[int, int] | None = None
        self._watch: asyncio.Task[None] | None = None
        self._warming: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Prepares the sandboxes; a function's first worker starts with its first request."""
        config = self.config
        sandbox = Sandbox(config.root, config.directory, config.usage_log, config.environment)
        sandbox.prepare(self.assembly)
        extension = SecretsExtension(self.assembly, config.secret_value, self.usage)
        self._pipe = os.pipe()
        kit = Kit(
            self.assembly,
            sandbox,
            extension.reply,
            config.log,
            self._pipe[0],
            config.init_timeout_seconds,
        )
        self.pools = {f.name: self._pool(f, kit) for f in self.assembly.functions.values()}
        self._watch = asyncio.create_task(self._watch_workers())

    async def stop(self) -> None:
        for task in filter(None, (self._watch, self._warming)):
            task.cancel()
        await asyncio.gather(*(pool.close() for pool in self.pools.values()))
        for fd in self._pipe or ():
            os.close(fd)
        self._pipe = None

    async def invoke(
        self, function: str, payload: bytes, request_id: str | None = None
    ) -> Invocation:
        """A failing function is a result, too. Raises Throttled and PayloadTooLarge."""
        if len(payload) > MAX_PAYLOAD_BYTES:
            raise PayloadTooLarge(f"{len(payload)} bytes exceed {MAX_PAYLOAD_BYTES} bytes")
        future: asyncio.Future[Invocation] = asyncio.get_running_loop().create_future()
        self.pools[function].submit(Job(request_id or str(uuid.uuid4()), payload, future))
        return await future

    async def prewarm(self, function: str) -> None:
        await self.pools[function].prewarm()

    async def restart_all(self) -> None:
        """Source changed: running requests finish on the old code, the next one gets the new."""
        warm = sorted(
            (name for name, pool in self.pools.items() if pool.workers),
            key=lambda name: max(worker.last_used for worker in self.pools[name].workers),
            reverse=True,  # what was used last is likely to be used next
        )
        for pool in self.pools.values():
            pool.replace()
        if self._warming is not None:
            self._warming.cancel()
        self._warming = asyncio.create_task(self._warm(warm))

    async def authorise_poller(self, source: EventSource) -> None:
        """What an event source mapping does is done with the function's role."""
        role = self.assembly.functions[source.function].role
        for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"):
            self._authorise(source.function, role, Request(f"sqs:{action}", source.queue_arn))

    async def authorise_schedule(self, schedule: Schedule) -> None:
        arn = self.assembly.functions[schedule.function].arn
        self._authorise(schedule.name, schedule.role, Request("lambda:InvokeFunction", arn))

    async def authorise_dead_letter(self, schedule: Schedule) -> None:
        """The schedule's role sends what could not be delivered."""
        if schedule.dead_letter_arn is not None:
            request = Request("sqs:SendMessage", schedule.dead_letter_arn)
            self._authorise(schedule.name, schedule.role, request)

    def _authorise(self, name: str, role: Role, request: Request) -> None:
        principal = Principal(name, role, self.assembly.region, self.assembly.account)
        if message := principal.refusal(request):
            raise NotAuthorized(message)
        self.usage.record(principal, request)

    def _pool(self, function: Function, kit: Kit) -> Pool:
        return Pool(
            function,
            kit,
            limit=function.reserved_concurrency or self.config.max_workers,
            max_starting=os.cpu_count() or 1,
            max_wait=self.config.max_wait_seconds,
        )

    async def _watch_workers(self) -> None:
        while True:
            await asyncio.sleep(_MEMORY_CHECK_SECONDS)
            for pool in self.pools.values():
                for worker in pool.workers:
                    worker.check_memory()
                pool.retire(self.config.idle_seconds)

    async def _warm(self, names: list[str]) -> None:
        for name in names:
            try:
                await self.prewarm(name)
            except InitFailed as error:
                self.config.log(name, str(error))  # the next request will say so, too
