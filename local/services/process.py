"""Start and stop the programs that the local stack consists of."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psutil

from local.errors import LocalError
from local.services.account import Account

LAUNCHER = Path(__file__).with_name("launch.py")


def launched(command: Sequence[str], account: Account, *, death_signal: int) -> list[str]:
    """The command that runs `command` as the account, tied to the caller's life."""
    identity = [str(death_signal), str(account.uid), str(account.gid)]
    return [sys.executable, "-I", "-S", str(LAUNCHER), *identity, *command]


def spawn(
    command: Sequence[str],
    *,
    log: Path,
    account: Account,
    environment: Mapping[str, str],
    death_signal: int = 0,
) -> subprocess.Popen[bytes]:
    """Start a program in its own session, out of reach of the terminal's Ctrl-C.

    `death_signal` reaches it (on Linux) when the calling *thread* ends: call from a lasting one.
    """
    with log.open("ab") as output:
        return subprocess.Popen(
            launched(command, account, death_signal=death_signal),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            cwd="/",
            start_new_session=True,
        )


def stop(process: subprocess.Popen[bytes], *, number: int, seconds: float) -> None:
    """Signal a program and wait for its end; kill it when it takes too long."""
    if process.poll() is not None:
        return
    process.send_signal(number)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def stop_stranger(pid: int, *, number: int, seconds: float) -> None:
    """The same for a program that an earlier, killed process of ours has left behind."""
    with contextlib.suppress(psutil.NoSuchProcess):
        stranger = psutil.Process(pid)
        stranger.send_signal(number)
        try:
            stranger.wait(seconds)
        except psutil.TimeoutExpired:
            stranger.send_signal(signal.SIGKILL)
            stranger.wait(seconds)


def command_line(pid: int) -> str:
    """The words that started a process; empty when there is none, or it is not ours to read."""
    try:
        return "\0".join(psutil.Process(pid).cmdline())
    except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
        return ""


def is_running(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def wait_until(ready: Callable[[], bool], *, seconds: float, problem: str) -> None:
    """Look every 10 ms; raise LocalError with `problem` when the time is over."""
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise LocalError(problem)
        time.sleep(0.01)


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of the loopback interface now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def free_port(remembered: Path) -> int:
    """The port of last time if it is still free (bookmarks keep working), else any free one."""
    with contextlib.suppress(OSError, ValueError):
        port = int(remembered.read_text())
        if is_free(port):
            return port
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    remembered.write_text(str(port))
    return port


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, at once or not at all."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
