"""kill -9 during an import of 200 files: every file is there once, none lost, none twice."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from local.paths import ROOT
from tests.e2e.conftest import eventually, scratch_stack
from tests.support.audio import fill, numbered_tags
from tests.support.stack import LocalStack

FILES = 200
PAGE = 1000


@pytest.fixture(scope="module")
def victim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    with scratch_stack(tmp_path_factory, "--no-prewarm") as stack:
        yield stack


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("music")
    fill(folder, FILES, seconds=1, flac_share=0.2)
    return folder


def count(stack: LocalStack) -> int:
    """-1 while something that was killed is not back."""
    try:
        reply = httpx.get(f"{stack.api}/music/tracks", params={"limit": 1}, timeout=30)
        return int(reply.raise_for_status().json()["pagination"]["total"])
    except httpx.HTTPError:
        return -1


def tracks(stack: LocalStack) -> list[dict[str, Any]]:
    reply = httpx.get(f"{stack.api}/music/tracks", params={"limit": PAGE}, timeout=30)
    found: list[dict[str, Any]] = reply.raise_for_status().json()["tracks"]
    return found


def plays(track: dict[str, Any], http: httpx.Client) -> bool:
    reply = http.get(track["audioUrl"], headers={"Range": "bytes=-100"}, follow_redirects=True)
    return reply.status_code == 206 and len(reply.content) == 100


def wait_for(stack: LocalStack, number: int) -> None:
    eventually(lambda: count(stack) >= number or None, seconds=120)


def kill_process(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def kill_worker(stack: LocalStack, function: str) -> None:
    def busiest() -> psutil.Process | None:
        return next(iter(stack.workers(function)), None)

    kill_process(eventually(busiest).pid)


@contextmanager
def importing(stack: LocalStack, music: Path, report: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`djamms import`, killed when it is not over by then."""
    words = ["import", str(music), "--data-dir", str(stack.data.root), "--report", str(report)]
    with report.with_suffix(".log").open("wb") as log:
        running = subprocess.Popen([sys.executable, "-m", "local", *words], cwd=ROOT, stderr=log)
    with running:
        try:
            yield running
        finally:
            running.kill()


def test_nothing_is_lost_and_nothing_twice(victim: LocalStack, music: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    with importing(victim, music, report):
        wait_for(victim, 10)
        kill_worker(victim, "ingest")
        kill_worker(victim, "music")
        wait_for(victim, 40)
        kill_process(victim.services()["emulator"])
        wait_for(victim, 80)
        victim.kill()
        victim.start()
        wait_for(victim, 110)
    # Here the importer itself is killed, too.
    with importing(victim, music, report) as running:
        code = running.wait(120)

    assert code == 0, report.with_suffix(".log").read_text()
    counts = json.loads(report.read_text())["counts"]
    assert counts["imported"] + counts["already_imported"] == FILES
    there = tracks(victim)
    expected = Counter(numbered_tags(number)["TIT2"] for number in range(FILES))
    assert Counter(track["title"] for track in there) == expected
    with httpx.Client(timeout=30) as http:
        assert [track["title"] for track in there if not plays(track, http)] == []
