"""The whole local stack in one process: start in order, supervise, stop in reverse."""

import asyncio
import json
import logging
import os
import secrets
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from local import preflight
from local.backend import Backend
from local.control import ControlServer
from local.errors import LocalError
from local.gateway import Gateway
from local.invocation import InitFailed
from local.media import Media
from local.object_store import Access, S3Store
from local.paths import DataDir
from local.reload import watch_sources
from local.room import Room
from local.services.process import write_private
from local.services.values import public_key
from local.status import report
from local.web import Server, listening_sockets, server

logger = logging.getLogger(__name__)


class Stack:
    """`run()` returns when it was told to stop. `tell` gets lines for people."""

    def __init__(
        self,
        data: DataDir,
        *,
        port: int,
        tell: Callable[[str], None],
        prewarm: bool = True,
        origins: tuple[str, ...] = (),
        search: bool = False,
        clock_offset: int = 0,
    ) -> None:
        self._clock_offset = clock_offset
        self.data, self.port, self._tell, self._prewarms = data, port, tell, prewarm
        self._origins, self._search = origins, search
        self.url = f"http://localhost:{port}"
        self._stopping = asyncio.Event()
        self._started = time.monotonic()
        self._last = self._started
        self._token = secrets.token_urlsafe(24)

    async def run(self) -> None:
        """Raises LocalError when it cannot start, or when a service does not stay."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            under_nohup = signal.getsignal(number) is signal.SIG_IGN and number == signal.SIGHUP
            if not under_nohup:
                loop.add_signal_handler(number, self._stopping.set)
        preflight.check(os.environ)
        self.data.prepare()
        with self.data.lock():
            sockets = listening_sockets(self.port)
            self._tell("Starting DJAMMS …")
            if line := preflight.unused(os.environ):
                self._tell(line)
            backend = self._backend()
            try:
                if await self._until_stopped(self._start(backend)):
                    await self._serve(backend, sockets)
            finally:
                await self._stop(backend)
                for one in sockets:
                    one.close()

    def _backend(self) -> Backend:
        return Backend(
            self.data,
            base_url=self.url,
            say=self._step,
            origins=self._origins,
            search=self._search,
            clock_offset=self._clock_offset,
        )

    async def _start(self, backend: Backend) -> None:
        await backend.start()
        self._step("functions")
        await backend.job("migrate")
        self._step("database schema")
        await backend.job("reconcile-uploads", minAgeSeconds=0)
        backend.start_triggers()

    async def _serve(self, backend: Backend, sockets: list[Any]) -> None:
        web = server(self._gateway(backend))
        control = ControlServer(self._token, self._commands(backend))
        await self._write_state(control, ready=False)
        serving = asyncio.create_task(web.serve(sockets))
        while not web.started and not serving.done():
            await asyncio.sleep(0.005)
        await self._write_state(control, ready=True)
        self._announce(backend)
        try:
            await self._until_stopped(self._work(backend))
        finally:
            control.stop()
            await self._end(web, serving)

    async def _work(self, backend: Backend) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(backend.watch())
            group.create_task(watch_sources(restart=backend.runtime.restart_all, tell=self._tell))
            if self._prewarms:
                group.create_task(self._prewarm(backend))

    async def _until_stopped(self, work: Any) -> bool:
        """Whether the work came to its end before a signal did."""
        task, stop = asyncio.create_task(work), asyncio.create_task(self._stopping.wait())
        await asyncio.wait((task, stop), return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if not task.done():
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            return False
        _raise_first(task)
        return True

    async def _prewarm(self, backend: Backend) -> None:
        """One after the other, so that a request finds a processor that is free."""
        api = [route.function for route in backend.assembly.apis[0].routes]
        fed = [source.function for source in backend.assembly.event_sources]
        for name in dict.fromkeys([*api, *fed]):
            try:
                await backend.runtime.prewarm(name)
            except InitFailed as error:
                self._tell(f"The function {name} does not load: {error}")

    def _gateway(self, backend: Backend) -> Gateway:
        assembly = backend.assembly
        mounts = {"/media": self._media(backend)} if assembly.distributions else {}
        return Gateway(
            assembly.apis[0],
            backend.runtime,
            mounts=mounts,
            refuse=Room(self.data.root).refuse,
            access_log=lambda entry: backend.log.record({"function": "gateway", **entry}),
        )

    def _media(self, backend: Backend) -> Media:
        distribution = backend.assembly.distributions[0]
        # The template's public key belongs to the deployed private key; ours is made here.
        own = public_key(backend.secrets.of("CDN_KEY_SECRET_ARN") or "")
        given = backend.emulator.credentials
        access = Access(
            given.access_key, given.secret_key, given.session_token, backend.assembly.region
        )
        return Media(
            distribution,
            base_url=f"{self.url}/media",
            keys=dict.fromkeys(distribution.public_keys, own),
            store=S3Store(backend.emulator.url, distribution.origin_bucket, access),
        )

    def _commands(self, backend: Backend) -> dict[str, Any]:
        started = time.time()

        async def status(_: dict[str, Any]) -> dict[str, Any]:
            return await report(backend, self._urls(backend), started)

        async def job(request: dict[str, Any]) -> dict[str, Any]:
            return await backend.job(request["job"], **request.get("arguments", {}))

        return {"status": status, "job": job}

    def _urls(self, backend: Backend) -> dict[str, str]:
        return {
            "api": f"{self.url}/api",
            "media": f"{self.url}/media",
            "aws": backend.emulator.url,
            "database": f"postgresql://djamms@127.0.0.1:{backend.postgres.port}/djamms",
            **({"search": backend.opensearch.url} if backend.opensearch else {}),
        }

    async def _write_state(self, control: ControlServer, *, ready: bool) -> None:
        port = self.data.state().get("control") if ready else await control.start()
        state = {
            "pid": os.getpid(),
            "url": self.url,
            "token": self._token,
            "control": port,
            "ready": ready,
        }
        write_private(self.data.state_file, json.dumps(state))

    def _announce(self, backend: Backend) -> None:
        seconds = time.monotonic() - self._started
        urls = self._urls(backend)
        self._tell(f"\nDJAMMS is ready in {seconds:.1f} s.\n")
        self._tell(f"  API        {urls['api']}")
        self._tell(f"  Docs       {urls['api']}/docs")
        self._tell(f"  Media      {urls['media']}")
        self._tell(f"  Database   {urls['database']}  (password: {self.data.postgres}/password)")
        if search := urls.get("search"):
            self._tell(f"  Search     {search}  (OpenSearch)")
        if self._clock_offset:
            self._tell(f"  Clock      {self._clock_offset} s from this machine's")
        self._tell(f"  Data       {self.data.root}")
        if (cluster := self.data.postgres / "cluster").is_symlink():
            self._tell(f"             its database: {cluster.readlink().parent}, because root may")
            self._tell("             not run PostgreSQL and others may not look in here")
        self._tell("  Logs       djamms logs --follow      Stop: Ctrl-C")
        if account := backend.secrets.admin():
            self._tell("\n  The first administrator (the password is shown only now):")
            self._tell(f"    e-mail   {account['email']}\n    password {account['password']}\n")
            backend.secrets.admin_was_told()

    def _step(self, what: str) -> None:
        now = time.monotonic()
        self._tell(f"  {what:<26} {now - self._last:5.1f} s")
        self._last = now

    async def _end(self, web: Server, serving: asyncio.Task[None]) -> None:
        web.should_exit = True
        await serving

    async def _stop(self, backend: Backend) -> None:
        self.data.state_file.unlink(missing_ok=True)
        began = time.monotonic()
        await backend.stop()
        self._tell(f"Stopped in {time.monotonic() - began:.1f} s.")


def _raise_first(task: asyncio.Task[None]) -> None:
    """A group's error is a group; people get the first sentence in it."""
    try:
        task.result()
    except BaseExceptionGroup as group:
        first: BaseException = group
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        if isinstance(first, LocalError):
            raise first from group
        raise
