import sqlite3
from pathlib import Path

import pytest

from local.errors import LocalError
from local.importer.journal import Journal, Stage, Target

TARGET = Target("https://storage.test", {"key": "uploads/t1"}, 4_000_000_000)


def test_keeps_what_was_requested(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal") as journal:
        journal.requested("d1", "t1", TARGET)
        journal.advance("d1", Stage.FAILED, code="not_audio", message="It is text.")

    with Journal(tmp_path / "journal") as journal:
        entry = journal.find("d1")

    assert entry
    assert (entry.track_id, entry.stage, entry.target) == ("t1", Stage.FAILED, TARGET)
    assert (entry.code, entry.message) == ("not_audio", "It is text.")


def test_two_imports_at_once_are_refused(tmp_path: Path) -> None:
    with (
        Journal(tmp_path / "journal"),
        pytest.raises(LocalError, match="Another import"),
        Journal(tmp_path / "journal"),
    ):
        pass


def test_a_damaged_journal_is_said_by_name(tmp_path: Path) -> None:
    (tmp_path / "journal").write_bytes(b"no database at all" * 100)

    with pytest.raises(LocalError, match=r"The import journal .* cannot be used"):
        Journal(tmp_path / "journal")


def test_a_journal_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "journal") as database:
        database.execute("PRAGMA user_version = 99")
    database.close()

    with pytest.raises(LocalError, match="version 99"):
        Journal(tmp_path / "journal")
