"""The real local stack as a child process: `djamms up` on a free port and a folder of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import psutil

from djamms.config import settings
from local.control import ask
from local.paths import ROOT, DataDir

READY_SECONDS = 240
STOP_SECONDS = 60


class StackFailed(Exception):
    """`djamms up` ended, or is not ready in time; the text is what it printed."""


class LocalStack:
    """Output goes to `<folder>/up.log`, data to `<folder>/data`; both stay for the next start.

    `root` is the checkout whose code runs.
    """

    def __init__(
        self, folder: Path, *, root: Path = ROOT, port: int | None = None, words: Sequence[str] = ()
    ) -> None:
        self.folder, self.root, self.words = folder, root, words
        self.port = port or free_port()
        self.data = DataDir(folder / "data")
        self.log = folder / "up.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def api(self) -> str:
        return f"{self.origin}/api"

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, environment: Mapping[str, str] | None = None) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        words = ["up", "--port", str(self.port), "--data-dir", str(self.data.root), *self.words]
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "local", *words],
                cwd=self.root,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**plain_environment(), **self._imports(), **(environment or {})},
                start_new_session=True,
            )
        self._wait_until_ready(self.process)
        return self

    def stop(self) -> None:
        """As Ctrl-C does."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()

    def discard(self) -> None:
        """Stop, and delete what it kept: database files may lie outside of the folder."""
        self.stop()
        if self.data.marker.exists():
            self.data.delete()

    def kill(self) -> None:
        """kill -9 of the stack alone; what it started has to notice."""
        assert self.process
        self.process.kill()
        self.process.wait()

    def family(self) -> list[psutil.Process]:
        """The stack, and everything that it runs."""
        assert self.process
        root = psutil.Process(self.process.pid)
        return [root, *root.children(recursive=True)]

    def services(self) -> dict[str, int]:
        """Process ids by name: stack, postgres, emulator."""
        return {item["name"]: item["pid"] for item in self.status()["services"]}

    def workers(self, function: str) -> list[psutil.Process]:
        """Idle and busy ones; those that have just begun may be missing."""
        handler = f"functions.{function}.handler.handler"
        return [process for process in self.family() if handler in command_line(process)]

    def status(self) -> dict[str, Any]:
        found: dict[str, Any] = ask(self.data, "status")
        return found

    def job(self, name: str, **arguments: Any) -> dict[str, Any]:
        answer: dict[str, Any] = ask(self.data, "job", seconds=60, job=name, arguments=arguments)
        return answer

    @property
    def database_url(self) -> str:
        password = (self.data.postgres / "password").read_text()
        url: str = self.status()["urls"]["database"]
        return url.replace("djamms@", f"djamms:{password}@").replace("://", "+pg8000://")

    @property
    def administrator(self) -> dict[str, str]:
        """email, username, password."""
        account: dict[str, str] = json.loads((self.data.secrets / "ADMIN_SECRET_ARN").read_text())
        return account

    @property
    def aws(self) -> dict[str, Any]:
        """What a client of boto3 needs to look at the emulator."""
        key = json.loads((self.data.emulator / "credentials.json").read_text())
        return {
            "endpoint_url": self.status()["urls"]["aws"],
            "region_name": REGION,
            "aws_access_key_id": key["access_key"],
            "aws_secret_access_key": key["secret_key"],
            "aws_session_token": key["session_token"],
        }

    def _imports(self) -> dict[str, str]:
        """Another checkout's code wins over the one that is installed."""
        if self.root == ROOT:
            return {}
        return {"PYTHONPATH": os.pathsep.join((str(self.root), str(self.root / "shared")))}

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while self.data.state().get("pid") != process.pid or not self.data.state().get("ready"):
            if process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise StackFailed(self.log.read_text())
            time.sleep(0.02)


REGION = "eu-central-1"


def plain_environment() -> dict[str, str]:
    """Without the settings that the tests of single functions run under."""
    own = {setting.name for setting in settings()}
    return {name: value for name, value in os.environ.items() if name not in own}


def command_line(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
