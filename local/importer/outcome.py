"""What became of each file, and the words for it."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Result(StrEnum):
    IMPORTED = "imported"
    ALREADY = "already_imported"
    DUPLICATE = "duplicate"
    FAILED = "failed"
    # Of a dry run only.
    WOULD_IMPORT = "would_import"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`code` is for programs (the server's, or one of ours), `message` for people."""

    path: Path
    result: Result
    size_bytes: int = 0
    track_id: str | None = None
    code: str | None = None
    message: str | None = None
    duplicate_of: Path | None = None


def failed(path: Path, code: str, message: str, **facts: object) -> Outcome:
    return Outcome(path, Result.FAILED, code=code, message=message, **facts)  # type: ignore[arg-type]


def cannot_open(path: Path, error: OSError) -> Outcome:
    """A file or folder of this machine; what the server cannot read of a file is `unreadable`."""
    why = error.strerror or type(error).__name__
    return failed(path, "cannot_open", f"It cannot be opened on this machine: {why}.")


@dataclass(slots=True)
class Tally:
    """All outcomes of a run. `skipped` counts what was never considered, by reason."""

    outcomes: list[Outcome] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    stopped: str | None = None
    is_plan: bool = False

    def count(self, result: Result) -> int:
        return sum(outcome.result is result for outcome in self.outcomes)

    def bytes_of(self, result: Result) -> int:
        return sum(outcome.size_bytes for outcome in self.outcomes if outcome.result is result)

    @property
    def failures(self) -> list[Outcome]:
        found = [outcome for outcome in self.outcomes if outcome.result is Result.FAILED]
        return sorted(found, key=lambda outcome: outcome.path)

    @property
    def is_complete(self) -> bool:
        return self.stopped is None and not self.failures
