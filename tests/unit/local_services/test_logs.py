"""One log for all functions."""

import errno
import json
from io import FileIO
from pathlib import Path
from typing import Any

import pytest

from local.logs import KEPT_FILES, LogFile, matches, read

LINES = ["line 0", "line 1", "line 2", "line 3"]


def messages(folder: Path, last: int | None = None) -> list[str]:
    return [json.loads(line)["message"] for line in read(folder, last=last, follow=False)]


def test_json_and_plain_lines_are_kept(tmp_path: Path) -> None:
    log = LogFile(tmp_path)
    log.write("music", '{"message": "done", "correlation_id": "c1"}')
    log.write("music", "Traceback (most recent call last):")
    log.write("music", "42")
    log.close()

    entries = [json.loads(line) for line in read(tmp_path, last=None, follow=False)]
    assert [entry["message"] for entry in entries] == [
        "done",
        "Traceback (most recent call last):",
        "42",
    ]
    assert {entry["function"] for entry in entries} == {"music"}
    assert all(entry["timestamp"] for entry in entries)


def test_files_are_rotated_and_the_oldest_goes(tmp_path: Path) -> None:
    log = LogFile(tmp_path, limit_bytes=1)
    for number in range(KEPT_FILES + 3):
        log.write("music", f"line {number}")
    log.close()

    assert messages(tmp_path) == [f"line {number}" for number in range(3, KEPT_FILES + 3)]
    assert messages(tmp_path, last=2) == [f"line {KEPT_FILES + 1}", f"line {KEPT_FILES + 2}"]


def test_following_crosses_a_rotation(tmp_path: Path) -> None:
    log = LogFile(tmp_path, limit_bytes=200)
    log.write("music", "before")
    lines = read(tmp_path, last=None, follow=True, pause_seconds=0.001)
    seen = [next(lines)]

    for number in range(4):
        log.write("music", f"line {number} {'x' * 60}")
        seen.append(next(lines))
    log.close()
    lines.close()

    assert [json.loads(line)["message"][:6] for line in seen] == ["before", *LINES]


@pytest.mark.parametrize(
    ("function", "request_id", "expected"),
    [
        (None, None, True),
        ("music", None, True),
        ("auth", None, False),
        (None, "c1", True),
        (None, "c2", False),
        ("music", "c1", True),
        ("auth", "c1", False),
    ],
)
def test_filters(function: str | None, request_id: str | None, *, expected: bool) -> None:
    entry = {"function": "music", "correlation_id": "c1"}

    assert matches(entry, function=function, request_id=request_id) is expected


class FullDisk(FileIO):
    """Takes `room` more bytes."""

    room = 0

    def write(self, data: Any) -> int:
        if self.room <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        written = super().write(bytes(data)[: self.room])
        self.room -= written
        return written


def test_a_full_disk_loses_lines_and_nothing_else(tmp_path: Path) -> None:
    log = LogFile(tmp_path)
    log._file.close()
    log._file = disk = FullDisk(log.path, "a")
    log.record({"message": "lost"})
    disk.room = 10
    log.record({"message": "torn"})
    log.record({"message": "lost"})
    disk.room = 10_000
    log.record({"message": "kept"})
    log.close()

    torn, kept = read(tmp_path, last=None, follow=False)
    assert len(torn) == 11
    assert json.loads(kept)["message"] == "kept"
