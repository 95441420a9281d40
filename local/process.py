"""The operating-system side of a worker: start, output, memory, end."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import cast

import psutil

# Output without a line break is cut here, as CloudWatch does.
_MAX_LINE_BYTES = 262_144


class Process:
    """A process in a group of its own, so that what it started dies with it."""

    def __init__(self, pid: int, transport: asyncio.SubprocessTransport) -> None:
        self.pid = pid
        self._transport = transport
        self._info = psutil.Process(pid)

    def rss_bytes(self) -> int:
        """0 when it has just ended."""
        try:
            return int(self._info.memory_info().rss)
        except psutil.NoSuchProcess:
            return 0

    def cpu_seconds(self) -> float:
        try:
            times = self._info.cpu_times()
        except psutil.NoSuchProcess:
            return 0.0
        return float(times.user + times.system)

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def close(self) -> None:
        self._transport.close()


async def spawn(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    folder: Path,
    inherited_fd: int,
    on_line: Callable[[str], None],
    on_exit: Callable[[int], None],
) -> Process:
    transport, _ = await asyncio.get_running_loop().subprocess_exec(
        partial(_Output, on_line, on_exit),
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        env=environment,
        cwd=str(folder),
        pass_fds=(inherited_fd,),
        start_new_session=True,
    )
    return Process(transport.get_pid(), transport)


class _Output(asyncio.SubprocessProtocol):
    """Cuts the output into lines and reports the end."""

    def __init__(self, on_line: Callable[[str], None], on_exit: Callable[[int], None]) -> None:
        self._on_line, self._on_exit = on_line, on_exit
        self._rest: dict[int, bytes] = {}
        self._transport: asyncio.SubprocessTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.SubprocessTransport, transport)  # uvloop's is no subclass

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        *lines, rest = (self._rest.get(fd, b"") + data).split(b"\n")
        if len(rest) > _MAX_LINE_BYTES:
            lines, rest = [*lines, rest], b""
        self._rest[fd] = rest
        for line in lines:
            self._on_line(_text(line))

    def process_exited(self) -> None:
        assert self._transport is not None
        for rest in filter(None, self._rest.values()):
            self._on_line(_text(rest))
        code = self._transport.get_returncode()
        self._on_exit(-1 if code is None else code)


def _text(line: bytes) -> str:
    # The Lambda bootstrap joins a traceback with \r so that it stays one event.
    return line.decode(errors="replace").replace("\r", "\n")
