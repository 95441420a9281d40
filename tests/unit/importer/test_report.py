"""What people read at the end of an import."""

from collections import Counter
from pathlib import Path

import pytest

from local.importer.outcome import Outcome, Result, Tally, cannot_open, failed
from local.importer.report import summary

SONG = Path("/music/a.mp3")


def told(*results: Result, is_plan: bool = False, stopped: str | None = None) -> list[str]:
    outcomes = [Outcome(SONG, result, 2_000_000) for result in results]
    return list(summary(Tally(outcomes, seconds=2.0, is_plan=is_plan, stopped=stopped)))


@pytest.mark.parametrize("is_plan", [False, True])
def test_an_empty_folder_is_said_to_hold_no_audio(is_plan: bool) -> None:
    assert told(is_plan=is_plan) == ["No audio files were found: there is nothing to import."]


def test_what_was_skipped_is_told_beside_it() -> None:
    lines = list(summary(Tally(skipped=Counter({"not audio by its name": 3}))))

    assert lines[0].startswith("No audio files were found")
    assert lines[1] == "Skipped: 3 not audio by its name."


@pytest.mark.parametrize("is_plan", [False, True])
def test_an_import_again_is_said_to_have_nothing_new(is_plan: bool) -> None:
    assert told(Result.ALREADY, Result.ALREADY, is_plan=is_plan) == [
        "Nothing new: everything that was found is there already.",
        "2 were imported before.",
    ]


def test_new_files_are_counted() -> None:
    assert told(Result.IMPORTED, Result.ALREADY) == [
        "1 imported (2.0 MB) in 2.0 s, 0.5 tracks/s.",
        "1 were imported before.",
    ]
    assert told(Result.WOULD_IMPORT, is_plan=True) == ["1 files (2.0 MB) would be imported."]


@pytest.mark.parametrize("results", [(), (Result.ALREADY,)])
def test_an_import_that_was_stopped_claims_nothing(results: tuple[Result, ...]) -> None:
    first, *_, last = told(*results, stopped="Run it again.")

    assert first.startswith("0 imported")
    assert last == "Run it again."


def test_failures_are_not_nothing_new() -> None:
    tally = Tally([Outcome(SONG, Result.ALREADY), failed(SONG, "not_audio", "It is no audio.")])

    assert next(summary(tally)).startswith("0 imported")


def test_a_file_of_this_machine_is_told_apart_from_what_the_server_cannot_read() -> None:
    outcome = cannot_open(SONG, PermissionError(13, "Permission denied"))

    assert outcome.code == "cannot_open"
    assert outcome.message == "It cannot be opened on this machine: Permission denied."
