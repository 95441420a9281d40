"""One file for the logs of all functions and of the gateway, one JSON object per line."""

import json
import os
import time
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from io import FileIO
from itertools import chain
from pathlib import Path
from typing import IO, Any

from local.errors import LocalError

LIMIT_BYTES = 10_000_000
KEPT_FILES = 5
FILE = "djamms.jsonl"
# Where a line says to which request it belongs, the most telling first.
REQUEST_KEYS = ("correlation_id", "requestId", "request_id", "function_request_id")


class LogFile:
    """Appends; when the file has grown to the limit it becomes `….1`, `….1` becomes `….2` …"""

    def __init__(self, folder: Path, *, limit_bytes: int = LIMIT_BYTES) -> None:
        self.path = folder / FILE
        self._limit = limit_bytes
        self._file = _unbuffered(self.path)
        self._is_torn = False

    def write(self, function: str, line: str) -> None:
        """A line of a function's output, JSON or not."""
        self.record({"function": function, **parsed(line)})

    def record(self, entry: dict[str, Any]) -> None:
        """A full disk loses lines, and breaks no request."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = json.dumps({"timestamp": now, **entry}, default=str).encode() + b"\n"
        with suppress(OSError):
            self._append(line)
            if self._file.tell() > self._limit:
                self._rotate()

    def _append(self, line: bytes) -> None:
        if self._is_torn:
            line = b"\n" + line
        self._is_torn = self._file.write(line) != len(line)

    def close(self) -> None:
        self._file.close()

    def _rotate(self) -> None:
        for number in range(KEPT_FILES - 1, 0, -1):
            older = _numbered(self.path, number)
            if older.exists():
                older.replace(_numbered(self.path, number + 1))
        self.path.replace(_numbered(self.path, 1))
        full, self._file = self._file, _unbuffered(self.path)
        full.close()


def _unbuffered(path: Path) -> FileIO:
    """What cannot be written is gone, and does not stand before the next line."""
    return FileIO(path, "a")


def parsed(line: str) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError:
        entry = None
    return entry if isinstance(entry, dict) else {"level": "INFO", "message": line}


def read(
    folder: Path, *, last: int | None, follow: bool, pause_seconds: float = 0.2
) -> Generator[str]:
    """Lines, the oldest first; with `follow` without end, across rotations."""
    path = folder / FILE
    if not path.exists():
        raise LocalError(f"There are no logs in {folder}.")
    rotated = [_numbered(path, number) for number in range(KEPT_FILES, 0, -1)]
    with path.open() as current:
        lines = chain(*(_lines(file) for file in rotated if file.exists()), current)
        yield from lines if last is None else deque(lines, maxlen=last)
        if follow:
            yield from _more(current, path, pause_seconds)
    while follow:
        with path.open() as current:
            yield from _more(current, path, pause_seconds)


def _lines(path: Path) -> Iterator[str]:
    with path.open() as file:
        yield from file


def _more(file: IO[str], path: Path, pause_seconds: float) -> Iterator[str]:
    """What is still written to a file, until another one has taken its place."""
    while True:
        if line := file.readline():
            yield line
        elif path.exists() and path.stat().st_ino != os.fstat(file.fileno()).st_ino:
            return
        else:
            time.sleep(pause_seconds)


def matches(entry: dict[str, Any], *, function: str | None, request_id: str | None) -> bool:
    if function and entry.get("function") != function:
        return False
    return not request_id or request_id in (entry.get(key) for key in REQUEST_KEYS)


def _numbered(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}.{number}")
