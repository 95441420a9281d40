import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from local.importer.announce import Announcer
from local.importer.api import Account, Api
from local.importer.journal import Journal
from local.importer.outcome import Outcome, Result
from local.importer.patience import Patience
from local.importer.progress import Progress
from local.importer.run import Import, Options
from local.importer.scan import scan
from local.importer.watch import Watcher
from tests.unit.importer.fake_server import API, PASSWORD, FakeServer

OWNER = Account("dj@example.com", PASSWORD)


class Silence:
    """A display that keeps what it is told."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def __enter__(self) -> "Silence":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def update(self, progress: Progress) -> None:
        assert 0 <= progress.done_bytes <= max(progress.total_bytes, 0)

    def say(self, text: str) -> None:
        self.said.append(text)


@dataclass
class Machine:
    """A computer with a music folder and a journal; each `run` is a new process, so to speak."""

    folder: Path
    server: FakeServer
    journal_file: Path
    display: Silence = field(default_factory=Silence)
    account: Account = OWNER
    options: Options = field(default_factory=Options)
    stall_seconds: float = 0.5
    slept: list[float] = field(default_factory=list)

    def add(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def run(self) -> list[Outcome]:
        outcomes: list[Outcome] = []
        asyncio.run(self._run(outcomes))
        return sorted(outcomes, key=lambda outcome: outcome.path)

    def results(self) -> list[Result]:
        return [outcome.result for outcome in self.run()]

    def with_journal[T](self, look: Callable[[Journal], T]) -> T:
        with Journal(self.journal_file) as journal:
            return look(journal)

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)

    async def _run(self, outcomes: list[Outcome]) -> None:
        found = scan([self.folder])
        progress = Progress(self.display)
        progress.begin(len(found.files), found.size_bytes)
        patience = Patience(60, progress.trouble, self._sleep, lambda: sum(self.slept))
        async with httpx.AsyncClient(transport=self.server) as client:
            api = Api(client, API, self.account, patience)
            watcher = Watcher(api, ask_after_seconds=0.1, stall_seconds=self.stall_seconds)
            with Journal(self.journal_file) as journal:
                work = Import(
                    api,
                    client,
                    journal,
                    patience,
                    progress,
                    self.options,
                    watcher,
                    Announcer(api, moment_seconds=0.01),
                    outcomes,
                )
                await work.run(found.files)


@pytest.fixture
def server() -> FakeServer:
    return FakeServer()


@pytest.fixture
def machine(tmp_path: Path, server: FakeServer) -> Machine:
    (tmp_path / "music").mkdir()
    return Machine(tmp_path / "music", server, tmp_path / "state" / "import.sqlite")
