"""One file for the logs of all functions and of the gateway, one JSON object per line."""

import json
import time
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

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
        self._file = self.path.open("a")

    def write(self, function: str, line: str) -> None:
        """A line of a function's output, JSON or not."""
        self.record({"function": function, **parsed(line)})

    def record(self, entry: dict[str, Any]) -> None:
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self._file.write(json.dumps({"timestamp": now, **entry}, default=str) + "\n")
        self._file.flush()
        if self._file.tell() > self._limit:
            self._rotate()

    def close(self) -> None:
        self._file.close()

    def _rotate(self) -> None:
        self._file.close()
        for number in range(KEPT_FILES - 1, 0, -1):
            older = _numbered(self.path, number)
            if older.exists():
                older.replace(_numbered(self.path, number + 1))
        self.path.replace(_numbered(self.path, 1))
        self._file = self.path.open("a")


def parsed(line: str) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError:
        entry = None
    return entry if isinstance(entry, dict) else {"level": "INFO", "message": line}


def read(
    folder: Path, *, last: int | None, follow: bool, pause_seconds: float = 0.2
) -> Iterator[str]:
    """Lines, the oldest first; with `follow` without end, across rotations."""
    path = folder / FILE
    files = [_numbered(path, number) for number in range(KEPT_FILES, 0, -1)]
    lines = (line for file in files if file.exists() for line in file.open())
    current = path.open() if path.exists() else None
    if last is None:
        yield from lines
        yield from current or ()
    else:
        yield from deque(_chain(lines, current or ()), maxlen=last)
    if follow:
        yield from _follow(path, current, pause_seconds)


def matches(entry: dict[str, Any], *, function: str | None, request_id: str | None) -> bool:
    if function and entry.get("function") != function:
        return False
    return not request_id or request_id in (entry.get(key) for key in REQUEST_KEYS)


def _chain(first: Iterator[str], second: Any) -> Iterator[str]:
    yield from first
    yield from second


def _follow(path: Path, current: Any, pause_seconds: float) -> Iterator[str]:
    while True:
        line = current.readline() if current else ""
        if line:
            yield line
            continue
        if path.exists() and (not current or path.stat().st_ino != _inode(current)):
            current = path.open()
            continue
        time.sleep(pause_seconds)


def _inode(file: Any) -> int:
    import os

    return os.fstat(file.fileno()).st_ino


def _numbered(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}.{number}")
