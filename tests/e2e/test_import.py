"""`djamms import` against a real stack, with the folders that people have."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from local.paths import ROOT
from tests.support.audio import numbered_file
from tests.support.stack import LocalStack


def run_import(stack: LocalStack, folder: Path, report: Path, *words: str) -> dict[str, Any]:
    """The report, with the exit code in it."""
    words = ("import", str(folder), "--data-dir", str(stack.data.root), *words)
    done = subprocess.run(
        [sys.executable, "-m", "local", *words, "--report", str(report)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert report.exists(), done.stderr
    return {**json.loads(report.read_text()), "code": done.returncode, "output": done.stderr}


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "Müsic & more"
    for number in range(2001, 2011):
        path = folder / f"CD {number % 2}" / f"{number} & {'🎵' * (number % 3)} [x].mp3"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(numbered_file(number, seconds=2))
    (folder / "cover.jpg").write_bytes(b"x")
    return folder


def test_a_folder_is_imported_once(stack: LocalStack, music: Path, tmp_path: Path) -> None:
    first = run_import(stack, music, tmp_path / "first.json")
    second = run_import(stack, music, tmp_path / "second.json")

    assert (first["code"], first["counts"]["imported"]) == (0, 10), first["output"]
    assert first["skipped"] == {"not audio by its name": 1}
    assert (second["code"], second["counts"]["already_imported"]) == (0, 10), second["output"]


def test_each_failure_has_its_reason(stack: LocalStack, music: Path, tmp_path: Path) -> None:
    (music / "bad.mp3").write_bytes(b"words\n" * 500)
    (music / "empty.mp3").write_bytes(b"")
    (music / "tone.wav").write_bytes(b"RIFF\x24\0\0\0WAVEfmt " + bytes(2000))

    found = run_import(stack, music, tmp_path / "report.json", "--private")

    assert found["code"] == 1
    assert {Path(file["path"]).name: file["code"] for file in found["files"] if "code" in file} == {
        "bad.mp3": "not_audio",
        "empty.mp3": "empty_file",
        "tone.wav": "unreadable",
    }
