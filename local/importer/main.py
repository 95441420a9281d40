"""The command's work: find the files, import them, report; stop cleanly when asked to."""

import asyncio
import os
import signal
import time
from collections.abc import Coroutine, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console

from local.errors import LocalError
from local.importer import dry_run, report
from local.importer.announce import Announcer
from local.importer.api import Account, Api
from local.importer.journal import Journal
from local.importer.outcome import Outcome, Tally
from local.importer.patience import Patience, ServerAway
from local.importer.progress import Progress, display_for
from local.importer.run import Import, Options
from local.importer.scan import MusicFile, Scan, scan
from local.importer.target import Server, find_server
from local.importer.watch import Watcher
from local.paths import DataDir

FIRST_CONTACT_SECONDS = 10.0
INTERRUPTED = 130
TIMEOUT = httpx.Timeout(60.0, connect=10.0)
RESUME = "Run the same command again to go on; nothing is sent twice."


@dataclass(frozen=True, slots=True)
class Request:
    """The command line."""

    paths: Sequence[Path]
    url: str | None
    data: DataDir
    account: Account
    options: Options
    report: Path | None
    patience_seconds: float
    is_dry_run: bool


def run(request: Request) -> int:
    """The exit code: 0 only when every file is in."""
    console = Console(stderr=True)
    found = scan(request.paths)
    tally = Tally(list(found.problems), found.skipped, is_plan=request.is_dry_run)
    began = time.monotonic()
    server = find_server(
        url=request.url,
        data=request.data,
        given=request.account,
        environment=os.environ,
    )
    if request.is_dry_run:
        plan(found, server, tally)
    elif found.files:
        _import(found, server, tally, request, console)
    tally.seconds = time.monotonic() - began
    report.show(tally, console)
    if request.report:
        report.write(tally, request.report)
    if tally.stopped == RESUME:
        return INTERRUPTED
    return 0 if tally.is_complete else 1


def plan(found: Scan, server: Server, tally: Tally) -> None:
    """Leaves no journal where there was none."""
    known = Journal(server.journal) if server.journal.exists() else None
    with known or nullcontext():
        tally.outcomes += dry_run.plan(found.files, known)


def _import(found: Scan, server: Server, tally: Tally, request: Request, console: Console) -> None:
    with Journal(server.journal) as journal, display_for(console) as display:
        progress = Progress(display)
        progress.begin(len(found.files), found.size_bytes)
        session = Session(server, journal, progress, request)
        tally.stopped = asyncio.run(session.run(found.files, tally.outcomes))


@dataclass(slots=True)
class Session:
    """An import with its connections, from the first contact to the last file or Ctrl-C."""

    server: Server
    journal: Journal
    progress: Progress
    request: Request

    async def run(self, files: Sequence[MusicFile], outcomes: list[Outcome]) -> str | None:
        """Why it ended early, in a sentence; None when every file was dealt with."""
        async with self._client() as client, self._client() as storage:
            await self._first_contact(client)
            patience = Patience(self.request.patience_seconds, self.progress.trouble)
            api = Api(client, self.server.base_url, self.server.account, patience)
            work = Import(
                api,
                storage,
                self.journal,
                patience,
                self.progress,
                self.request.options,
                Watcher(api),
                Announcer(api),
                outcomes,
            )
            return await until_stopped(work.run(files))

    async def _first_contact(self, client: httpx.AsyncClient) -> None:
        """A wrong address shall not take five minutes to be told."""
        patience = Patience(FIRST_CONTACT_SECONDS, self.progress.trouble)
        url = f"{self.server.base_url}/health"
        try:
            response = await patience.get(lambda: client.get(url))
        except ServerAway as error:
            raise LocalError(f"{self.server.base_url} cannot be reached: {error}.") from error
        if response.status_code == 404:
            raise LocalError(f"{self.server.base_url} is no DJAMMS server.")

    def _client(self) -> httpx.AsyncClient:
        # A proxy of the environment is for the world outside.
        limits = httpx.Limits(max_connections=self.request.options.concurrency + 8)
        outside = not self.server.is_on_this_machine
        return httpx.AsyncClient(timeout=TIMEOUT, limits=limits, trust_env=outside)


async def until_stopped(work: Coroutine[Any, Any, None]) -> str | None:
    """Runs until the end, Ctrl-C, or a server that stays away. Raises SignInFailed."""
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        return RESUME
    except (ServerAway, LocalError, BaseExceptionGroup) as error:
        cause = first(error)
        if isinstance(cause, ServerAway):
            return f"The server has not answered for too long ({cause}). {RESUME}"
        raise cause from None
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
    return None


def first(error: BaseException) -> BaseException:
    """The cause inside the groups that task groups wrap around it."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
