"""Everything behind the gateway: services, resources, functions, triggers."""

import asyncio
import json
import logging
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from djamms.config import Config
from local.assembly import Assembly, EventSource, Schedule
from local.build import Say, build, load
from local.errors import LocalError
from local.invocation import PayloadTooLarge, Throttled, error_message
from local.logs import LogFile
from local.paths import ROOT, DataDir
from local.runtime import NotAuthorized, Runtime, RuntimeConfig
from local.services.emulator import Emulator
from local.services.guard import Guard
from local.services.opensearch import OpenSearchServer
from local.services.postgres import PostgresServer
from local.services.process import free_port
from local.services.values import SecretValues
from local.triggers.invoker import Failed
from local.triggers.poller import Poller
from local.triggers.schedules import Scheduler

if TYPE_CHECKING:
    from local.services.aws import Aws

logger = logging.getLogger(__name__)

# Where a frontend runs while it is developed; a browser takes both names for different origins.
ORIGINS = tuple(
    f"http://{host}:{port}" for port in (3000, 4173, 5173) for host in ("localhost", "127.0.0.1")
)
TRIGGERS_END_SECONDS = 3.0
OFFSET = Config.clock_offset_seconds.name


class Backend:
    """`start()` leaves the functions callable; `start_triggers()` lets events call them."""

    assembly: Assembly
    aws: "Aws"
    runtime: Runtime
    secrets: SecretValues

    def __init__(
        self,
        data: DataDir,
        *,
        base_url: str,
        say: Say,
        origins: tuple[str, ...] = (),
        search: bool = False,
        clock_offset: int = 0,
    ) -> None:
        self._clock_offset = clock_offset
        self.data, self.base_url, self._say = data, base_url, say
        self._origins = ORIGINS + origins
        self.log = LogFile(data.logs)
        self.postgres = PostgresServer(data.postgres, log=data.logs / "postgres.log")
        self.emulator = Emulator(data.emulator, log=data.logs / "emulator.log")
        self.opensearch = _node(data) if search else None
        self.guards = (
            Guard(
                "PostgreSQL",
                start=self.postgres.start,
                stop=self.postgres.stop,
                is_alive=lambda: self.postgres.pid is not None,
                restarted=self._postgres_is_back,
            ),
            Guard(
                "The AWS emulator",
                start=self._start_emulator,
                stop=self.emulator.stop,
                is_alive=lambda: self.emulator.pid is not None,
                restarted=self._emulator_is_back,
            ),
            *(_guards_of(self.opensearch) if self.opensearch else ()),
        )
        self._pollers: list[Poller] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._database_port = 0

    async def start(self) -> None:
        search = self.opensearch
        await asyncio.to_thread(build, self._say, search=search is not None)
        self.assembly = load(
            emulator_url=self.emulator.url,
            base_url=self.base_url,
            origins=self._origins,
            search_url=search.url if search else "",
        )
        await _all(guard.start() for guard in self.guards)
        self._say("PostgreSQL, AWS emulator" + (", OpenSearch" if search else ""))
        self._database_port = self.postgres.port
        self.secrets = SecretValues(self.assembly, self.data.secrets, self.postgres.credentials)
        self.secrets.make_all()
        self.runtime = Runtime(self.assembly, self._runtime_config())
        await self.runtime.start()
        await self._check_roles()

    def _runtime_config(self) -> RuntimeConfig:
        return RuntimeConfig(
            root=ROOT,
            directory=self.data.run / "functions",
            usage_log=self.data.logs / "permissions-used.jsonl",
            secret_value=self.secrets,
            log=self.log.write,
            environment={
                "AWS_ENDPOINT_URL": self.emulator.url,
                **self.emulator.credentials.environment(),
                **({OFFSET: str(self._clock_offset)} if self._clock_offset else {}),
            },
        )

    async def stop(self) -> None:
        """Whatever was started, in reverse; safe after a start that failed half way."""
        await self._stop_triggers()
        if hasattr(self, "runtime"):
            await self.runtime.stop()
        await _all(guard.stop() for guard in self.guards)
        self.log.close()

    async def call(self, function: str, payload: bytes) -> bytes:
        """`local.triggers.invoker.Invoke`."""
        try:
            result = await self.runtime.invoke(function, payload)
        except Throttled as error:
            raise Failed("TooManyRequestsException", str(error)) from error
        except PayloadTooLarge as error:
            raise Failed("RequestTooLargeException", str(error)) from error
        if result.error is not None:
            raise Failed(result.error, error_message(result.payload))
        return result.payload

    async def job(self, name: str, **arguments: Any) -> dict[str, Any]:
        """Run one of the function `jobs`. Raises LocalError."""
        try:
            answer = await self.call("jobs", json.dumps({"job": name, **arguments}).encode())
        except Failed as error:
            raise LocalError(f"The job {name} failed: {error} (see `djamms logs`).") from error
        outcome: dict[str, Any] = json.loads(answer)
        return outcome

    def start_triggers(self) -> None:
        self._pollers = [
            self._poller(source) for source in self.assembly.event_sources if source.enabled
        ]
        scheduler = Scheduler(
            self.assembly.schedules,
            invoke=self.call,
            send_dead_letter=self._send_dead_letter,
            authorise=self._authorise_schedule,
            now=lambda: datetime.now(UTC) + timedelta(seconds=self._clock_offset),
        )
        self._tasks = [asyncio.create_task(poller.run()) for poller in self._pollers]
        self._tasks.append(asyncio.create_task(scheduler.run()))

    async def watch(self) -> None:
        """Keep the services running, until cancelled or until one does not stay."""
        async with asyncio.TaskGroup() as group:
            for guard in self.guards:
                group.create_task(guard.watch())

    def _poller(self, source: EventSource) -> Poller:
        return Poller(
            source,
            queue_url=self.assembly.queues[source.queue_arn].url,
            region=self.assembly.region,
            sqs=self.aws.sqs,
            invoke=self.call,
            authorise=self._authorise_poller,
        )

    async def _stop_triggers(self) -> None:
        for poller in self._pollers:
            poller.stop()
        if not self._tasks:
            return
        self._tasks[-1].cancel()
        _, late = await asyncio.wait(self._tasks, timeout=TRIGGERS_END_SECONDS)
        for task in late:
            task.cancel()

    async def _check_roles(self) -> None:
        try:
            for source in self.assembly.event_sources:
                await self.runtime.authorise_poller(source)
            for schedule in self.assembly.schedules:
                await self.runtime.authorise_schedule(schedule)
        except NotAuthorized as error:
            raise LocalError(str(error)) from error

    async def _authorise_poller(self, source: EventSource) -> None:
        await _refused_as_failed(self.runtime.authorise_poller(source))

    async def _authorise_schedule(self, schedule: Schedule) -> None:
        await _refused_as_failed(self.runtime.authorise_schedule(schedule))

    async def _send_dead_letter(
        self, schedule: Schedule, body: str, attributes: dict[str, str]
    ) -> None:
        assert schedule.dead_letter_arn is not None
        await _refused_as_failed(self.runtime.authorise_dead_letter(schedule))
        queue = self.assembly.queues[schedule.dead_letter_arn]
        await asyncio.to_thread(
            self.aws.sqs.send_message,
            QueueUrl=queue.url,
            MessageBody=body,
            MessageAttributes={
                name: {"DataType": "String", "StringValue": value}
                for name, value in attributes.items()
            },
        )

    def _start_emulator(self) -> None:
        """Runs in the guard's thread, again after each end of the emulator."""
        from local.services.aws import Aws  # 220 ms, spent while PostgreSQL starts
        from local.triggers.resources import make_resources

        assembly = self.assembly
        self.emulator.start(region=assembly.region, account=assembly.account)
        if not hasattr(self, "aws"):
            self.aws = Aws(self.emulator.url, assembly.region, self.emulator.credentials)
        make_resources(assembly, self.aws, origins=self._origins)

    async def _emulator_is_back(self) -> None:
        # Its queues are empty now: what was uploaded and not yet read has to be found again.
        await self._recover()

    async def _postgres_is_back(self) -> None:
        if self.postgres.port != self._database_port:
            self._database_port = self.postgres.port
            await self.runtime.restart_all()

    async def _recover(self) -> None:
        try:
            await self.job("reconcile-uploads", minAgeSeconds=0)
        except LocalError as error:
            logger.warning("%s", error)


def _node(data: DataDir) -> OpenSearchServer:
    """At an address that functions can be told before it starts, and that it keeps."""
    data.opensearch.mkdir(mode=0o711, parents=True, exist_ok=True)
    port = free_port(data.opensearch / "port")
    return OpenSearchServer(data.opensearch, port=port, log=data.logs / "opensearch.log")


def _guards_of(node: OpenSearchServer) -> tuple[Guard]:
    guard = Guard(
        "OpenSearch",
        start=node.start,
        stop=node.stop,
        is_alive=lambda: node.pid is not None,
        restarted=_nothing,
    )
    return (guard,)


async def _nothing() -> None:
    """PostgreSQL answers meanwhile, and what has changed waits in the database."""


async def _refused_as_failed(check: Awaitable[None]) -> None:
    try:
        await check
    except NotAuthorized as error:
        raise Failed("AccessDeniedException", str(error)) from error


async def _all(work: Any) -> None:
    """Run all to their end, then raise the first error: nothing keeps running unseen."""
    results = await asyncio.gather(*work, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
