"""One real OpenSearch node for all workers of a test run, started by the first test that asks."""

import fcntl
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from local.errors import LocalError

ROOT = Path(__file__).parents[2]
START_SECONDS = 240
keepers: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True, slots=True)
class SearchNode:
    """`prefix` belongs to one worker: names of indices and aliases that begin with it."""

    url: str
    prefix: str

    def call(self, method: str, path: str, body: object = None) -> Any:
        """JSON both ways, without a client. Raises HTTPStatusError for what the node refuses."""
        answer = httpx.request(method, f"{self.url}{path}", json=body, timeout=30)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def clear(self) -> None:
        """Delete every index of this worker."""
        self.call("DELETE", f"/{self.prefix}*")


def shared_node() -> SearchNode:
    """The node of the run, whose process is the parent of its workers, or this one without any."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", "")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    folder = Path(tempfile.gettempdir(), f"djamms-search-{run or os.getpid()}")
    folder.mkdir(mode=0o711, exist_ok=True)
    owner = os.getppid() if run else os.getpid()
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "url").exists() and not (folder / "problem").exists():
            _start_keeper(folder, owner)
    if (folder / "problem").exists():
        raise LocalError((folder / "problem").read_text())
    return SearchNode((folder / "url").read_text(), f"djamms-{worker}-")


def _start_keeper(folder: Path, owner: int) -> None:
    with (folder / "keeper.log").open("wb") as log:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.support.opensearch_keeper", str(folder), str(owner)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    keepers.append(keeper)  # it outlives this function, and often this process
    deadline = time.monotonic() + START_SECONDS
    while not any((folder / name).exists() for name in ("url", "problem")):
        if keeper.poll() is not None or time.monotonic() > deadline:
            raise LocalError("The OpenSearch node of the tests did not start.")
        time.sleep(0.05)
