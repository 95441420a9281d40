"""One worker: a process that runs a function's code, one request at a time."""

import asyncio
import os
import secrets
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Protocol

from local.assembly import Assembly, Function
from local.invocation import MAX_PAYLOAD_BYTES, Job, error_payload
from local.process import Process, spawn
from local.runtime_api import RuntimeConnection
from local.sandbox import Sandbox

# Lambda allows 10 s; a laptop may start several workers on two cores at once.
INIT_TIMEOUT_SECONDS = 60.0
_BOOT = Path(__file__).with_name("worker_boot.py")


class State(StrEnum):
    STARTING = "starting"
    IDLE = "idle"
    BUSY = "busy"
    DEAD = "dead"


class Owner(Protocol):
    """Whom a worker tells what happens to it."""

    def on_ready(self, worker: "Worker") -> None: ...
    def on_dead(self, worker: "Worker", init_error: bytes | None) -> None: ...


@dataclass(frozen=True, slots=True)
class Kit:
    """What all workers share."""

    assembly: Assembly
    sandbox: Sandbox
    secret: Callable[[Function, str], tuple[int, bytes]]  # (function, query string) → HTTP reply
    log: Callable[[str, str], None]  # (function name, line)
    parent_fd: int  # read end of a pipe whose other end only this process holds
    init_timeout_seconds: float = INIT_TIMEOUT_SECONDS


class Worker:
    """Answers the Runtime API calls of its process (`runtime_api.Endpoint`)."""

    def __init__(self, function: Function, kit: Kit, owner: Owner) -> None:
        self.function = function
        self.state = State.STARTING
        self.last_used = time.monotonic()
        self.peak_bytes = 0
        self.stale = False  # to be replaced once it is idle
        self.process: Process | None = None
        self._kit, self._owner = kit, owner
        self._token = b""
        self._job: Job | None = None
        self._waiting: RuntimeConnection | None = None
        self._server: asyncio.Server | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._verdict: tuple[str, str] | None = None  # why it was killed
        self._init_error: bytes | None = None

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(partial(RuntimeConnection, self), "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        sandbox = self._kit.sandbox
        environment = sandbox.variables(self.function, self._kit.assembly, port)
        self._token = environment["AWS_SESSION_TOKEN"].encode()
        self._arm(self._kit.init_timeout_seconds, "the function did not load within")
        self.process = await spawn(
            command(self.function, sandbox, self._kit.parent_fd),
            environment=environment,
            folder=sandbox.task_root(self.function),
            inherited_fd=self._kit.parent_fd,
            on_line=partial(self._kit.log, self.function.name),
            on_exit=self._on_exit,
        )
        if self._verdict is not None:  # killed while it was being started
            self.process.kill()

    def run(self, job: Job) -> None:
        assert self._waiting is not None
        connection, self._waiting = self._waiting, None
        self.state, self._job, self.last_used = State.BUSY, job, time.monotonic()
        seconds = self.function.timeout_seconds
        connection.reply(200, job.payload, _invocation_headers(job, self.function))
        self._arm(seconds, "Task timed out after")

    def next(self, connection: RuntimeConnection) -> None:
        self._disarm()
        self._waiting = connection
        self.state, self.last_used = State.IDLE, time.monotonic()
        self._owner.on_ready(self)

    def finished(self, request_id: str, body: bytes) -> None:
        if (job := self._take(request_id)) is None:
            return
        if len(body) <= MAX_PAYLOAD_BYTES:
            job.finish(body)
        else:
            text = f"the response of {len(body)} bytes exceeds {MAX_PAYLOAD_BYTES} bytes"
            job.fail("Function.ResponseSizeTooLarge", text)

    def failed(self, request_id: str, body: bytes) -> None:
        if (job := self._take(request_id)) is not None:
            job.finish(body, "Handled")

    def init_failed(self, body: bytes) -> None:
        self._init_error = body  # the process ends now, and its end is reported once

    def secret(self, query: bytes, headers: Mapping[bytes, bytes]) -> tuple[int, bytes]:
        given = headers.get(b"x-aws-parameters-secrets-token", b"")
        if not secrets.compare_digest(given, self._token):
            return 403, b'{"message":"the session token is missing or wrong"}'
        return self._kit.secret(self.function, query.decode())

    def kill(self, kind: str = "Runtime.ExitError", message: str = "it was stopped") -> None:
        self._verdict = self._verdict or (kind, message)
        if self.process is not None and self.state is not State.DEAD:
            self.process.kill()

    def check_memory(self) -> None:
        """Resident memory, not address space: numpy and OpenSSL map far more than they use."""
        if self.process is None or self.state is not State.BUSY:
            return
        used, limit = self.process.rss_bytes(), self.function.memory_mb << 20
        self.peak_bytes = max(self.peak_bytes, used)
        if used > limit:
            text = f"Memory Size: {limit >> 20} MB Max Memory Used: {used >> 20} MB"
            self.kill("Runtime.OutOfMemory", text)

    def _on_exit(self, return_code: int) -> None:
        self._disarm()
        was_starting, self.state = self.state is State.STARTING, State.DEAD
        self._close()
        kind, message = self._verdict or ("Runtime.ExitError", _ending(return_code))
        job, self._job = self._job, None
        if job is not None:
            self._kit.log(self.function.name, f"RequestId: {job.request_id} Error: {message}")
            job.fail(kind, message)
        init_error = self._init_error or error_payload(kind, message)
        self._owner.on_dead(self, init_error if was_starting else None)

    def _close(self) -> None:
        if self._server is not None:
            self._server.close()
        if self.process is not None:
            self.process.close()

    def _take(self, request_id: str) -> Job | None:
        """The running job, if the answer is for it."""
        if self._job is None or self._job.request_id != request_id:
            return None
        self._disarm()
        job, self._job = self._job, None
        return job

    def _arm(self, seconds: float, what: str) -> None:
        loop, text = asyncio.get_running_loop(), f"{what} {seconds:.2f} seconds"
        self._timer = loop.call_later(seconds, self.kill, "Sandbox.Timedout", text)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def command(function: Function, sandbox: Sandbox, parent_fd: int) -> list[str]:
    paths = os.pathsep.join(str(path) for path in sandbox.paths(function))
    # -I -S: no PYTHON* variables, no site-packages, no current folder on sys.path.
    flags = [sys.executable, "-I", "-S", "-u", str(_BOOT)]
    return [*flags, str(parent_fd), paths, function.handler]


def _invocation_headers(job: Job, function: Function) -> dict[str, object]:
    return {
        "Lambda-Runtime-Aws-Request-Id": job.request_id,
        "Lambda-Runtime-Deadline-Ms": int((time.time() + function.timeout_seconds) * 1000),
        "Lambda-Runtime-Invoked-Function-Arn": function.arn,
        "Lambda-Runtime-Trace-Id": f"Root=1-{job.request_id[:8]}-{job.request_id[-12:]};Sampled=0",
        "Lambda-Runtime-Client-Context": "{}",
        "Lambda-Runtime-Cognito-Identity": "{}",
    }


def _ending(return_code: int) -> str:
    if return_code < 0:
        return f"Runtime exited with error: signal: {signal.Signals(-return_code).name}"
    return f"Runtime exited with error: exit status {return_code}"
