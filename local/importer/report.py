"""The end of an import: a summary and a table for people, JSON for programs."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from local.errors import LocalError
from local.importer.names import text_of
from local.importer.outcome import Outcome, Result, Tally

SHOWN_FAILURES = 50
MEGABYTE = 1_000_000
# By whether it is a plan.
NEW = {False: Result.IMPORTED, True: Result.WOULD_IMPORT}


def show(tally: Tally, console: Console) -> None:
    if tally.failures:
        console.print(table(tally.failures[:SHOWN_FAILURES]))
        hidden = len(tally.failures) - SHOWN_FAILURES
        if hidden > 0:
            console.print(f"... and {hidden} more; --report FILE writes them all.")
    for line in summary(tally):
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def table(failures: list[Outcome]) -> Table:
    found = Table("file", "code", "why", title="Failed", title_justify="left", expand=False)
    for outcome in failures:
        found.add_row(
            Text(text_of(outcome.path), overflow="fold"),
            outcome.code or "",
            Text(outcome.message or ""),
        )
    return found


def summary(tally: Tally) -> Iterator[str]:
    yield headline(tally)
    if already := tally.count(Result.ALREADY):
        yield f"{already} were imported before."
    if duplicates := tally.count(Result.DUPLICATE):
        yield f"{duplicates} have the same content as another file, which stands for them."
    if tally.skipped:
        reasons = ", ".join(f"{count} {why}" for why, count in sorted(tally.skipped.items()))
        yield f"Skipped: {reasons}."
    if tally.failures:
        yield f"{len(tally.failures)} failed."
    if tally.stopped:
        yield tally.stopped


def headline(tally: Tally) -> str:
    """What happened, also where nothing had to."""
    if not tally.outcomes and tally.stopped is None:
        return "No audio files were found: there is nothing to import."
    if tally.count(Result.ALREADY) and tally.is_complete and not new_files(tally):
        return "Nothing new: everything that was found is there already."
    megabytes = tally.bytes_of(NEW[tally.is_plan]) / MEGABYTE
    if tally.is_plan:
        return f"{new_files(tally)} files ({megabytes:.1f} MB) would be imported."
    rate = new_files(tally) / tally.seconds if tally.seconds else 0.0
    return (
        f"{new_files(tally)} imported ({megabytes:.1f} MB) in {tally.seconds:.1f} s,"
        f" {rate:.1f} tracks/s."
    )


def new_files(tally: Tally) -> int:
    return tally.count(NEW[tally.is_plan])


def write(tally: Tally, file: Path) -> None:
    content = {
        "complete": tally.is_complete,
        "stopped": tally.stopped,
        "seconds": round(tally.seconds, 3),
        "counts": {result.value: tally.count(result) for result in Result},
        "skipped": dict(tally.skipped),
        "files": [as_json(outcome) for outcome in sorted(tally.outcomes, key=lambda o: o.path)],
    }
    try:
        file.write_text(json.dumps(content, indent=1) + "\n")
    except OSError as error:
        raise LocalError(f"The report {file} cannot be written: {error.strerror}.") from error


def as_json(outcome: Outcome) -> dict[str, Any]:
    facts = {
        "path": text_of(outcome.path),
        "result": outcome.result.value,
        "sizeBytes": outcome.size_bytes,
        "trackId": outcome.track_id,
        "code": outcome.code,
        "message": outcome.message,
        "duplicateOf": outcome.duplicate_of and text_of(outcome.duplicate_of),
    }
    return {name: value for name, value in facts.items() if value is not None}
