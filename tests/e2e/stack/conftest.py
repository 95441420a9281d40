"""A whole stack, started as a person starts it."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.paths import DataDir
from local.services.process import free_port
from tests.support.stack import plain_environment

EMAIL, PASSWORD = "root@djamms.test", "correct horse battery"


@dataclass
class Djamms:
    """The command line over one data directory."""

    root: Path
    port: int
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def data(self) -> DataDir:
        return DataDir(self.root)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def run(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "local", *words],
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=240,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def environment(self) -> dict[str, str]:
        ours = {"DJAMMS_DATA_DIR": str(self.root), **self.extra}
        return {
            **plain_environment(),
            "DJAMMS_ADMIN_EMAIL": EMAIL,
            "DJAMMS_ADMIN_PASSWORD": PASSWORD,
            **ours,
        }

    def up(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return self.run(
            "up", "--detach", "--no-prewarm", "--port", str(self.port), *words, check=check
        )

    def status(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run("status", "--json").stdout)
        return found

    def pids(self) -> dict[str, int]:
        return {one["name"]: one["pid"] for one in self.status()["services"]}

    def client(self) -> httpx.Client:
        """Signed in as the administrator."""
        login = {"email": EMAIL, "password": PASSWORD}
        reply = httpx.post(f"{self.url}/api/auth/login", json=login, timeout=30)
        assert reply.status_code == 200, reply.text
        bearer = {"Authorization": f"Bearer {reply.json()['token']}"}
        return httpx.Client(base_url=f"{self.url}/api", headers=bearer, timeout=30)


def eventually(what: Callable[[], Any], *, seconds: float = 30) -> Any:
    """The first true value, whatever the world says while it is not ready."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if found := what():
                return found
        except (httpx.HTTPError, AssertionError) as error:
            if time.monotonic() > deadline:
                raise AssertionError("it never happened") from error
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def djamms() -> Iterator[Djamms]:
    with tempfile.TemporaryDirectory(prefix="djamms-") as folder:
        Path(folder).chmod(0o711)
        stack = Djamms(Path(folder, "data"), free_port(Path(folder, "port")))
        yield stack
        if stack.root.exists():
            stack.run("reset", "--yes")
