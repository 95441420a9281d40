"""How far the import is: a live bar on a terminal, a line now and then everywhere else."""

import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress

from local.importer.names import text_of
from local.importer.outcome import Outcome, Result
from local.importer.scan import MusicFile

LINE_EVERY_SECONDS = 5.0
MEGABYTE = 1_000_000


class Display(Protocol):
    """Draws; the numbers come from `Progress`."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None: ...
    def update(self, progress: "Progress") -> None: ...
    def say(self, text: str) -> None: ...


@dataclass(slots=True)
class Progress:
    """`done_bytes` grows with every piece sent, and jumps over what need not be sent."""

    display: Display
    files: int = 0
    total_bytes: int = 0
    done_files: int = 0
    done_bytes: int = 0
    failed_files: int = 0
    trouble_text: str = ""
    began: float = field(default_factory=time.monotonic)
    _trouble_at: float = 0.0
    _sent: dict[Path, int] = field(default_factory=dict)

    def begin(self, files: int, total_bytes: int) -> None:
        self.files, self.total_bytes, self.began = files, total_bytes, time.monotonic()
        self.display.update(self)

    def sent(self, path: Path, size: int) -> None:
        self._sent[path] = self._sent.get(path, 0) + size
        self.done_bytes += size
        self.display.update(self)

    def restart(self, path: Path) -> None:
        """What was sent of a file does not count any more."""
        self.done_bytes -= self._sent.pop(path, 0)

    def done(self, file: MusicFile, outcome: Outcome) -> None:
        self.done_files += 1
        self.done_bytes += file.size_bytes - self._sent.pop(file.path, 0)
        if outcome.result is Result.FAILED:
            self.failed_files += 1
            self.display.say(f"failed: {text_of(file.path)}: {outcome.message}")
        self.display.update(self)

    def trouble(self, text: str) -> None:
        """Something is being tried again."""
        if text != self.trouble_text or time.monotonic() - self._trouble_at > LINE_EVERY_SECONDS:
            self.display.say(f"{text}; trying again ...")
        self.trouble_text, self._trouble_at = text, time.monotonic()

    @property
    def files_per_second(self) -> float:
        return self.done_files / max(time.monotonic() - self.began, 0.001)


class Bar:
    """A bar, counts, rate and the time left."""

    def __init__(self, console: Console) -> None:
        self._bar = RichProgress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=None),
            TextColumn("{task.fields[counts]}"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=console,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def update(self, progress: Progress) -> None:
        if self._task is None:
            self._task = self._bar.add_task("Importing", counts="")
        self._bar.update(
            self._task,
            total=progress.total_bytes,
            completed=progress.done_bytes,
            counts=counts(progress),
        )

    def say(self, text: str) -> None:
        self._bar.console.print(escape(text), highlight=False)


class Lines:
    """For logs and pipes."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._next = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def update(self, progress: Progress) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + LINE_EVERY_SECONDS
            self.say(counts(progress))

    def say(self, text: str) -> None:
        self._console.print(escape(text), highlight=False, soft_wrap=True)


def counts(progress: Progress) -> str:
    return (
        f"{progress.done_files}/{progress.files} files"
        f"  {progress.done_bytes / MEGABYTE:.1f}/{progress.total_bytes / MEGABYTE:.1f} MB"
        f"  {progress.files_per_second:.1f} files/s" + failures(progress)
    )


def failures(progress: Progress) -> str:
    return f"  {progress.failed_files} failed" if progress.failed_files else ""


def display_for(console: Console) -> Display:
    return Bar(console) if console.is_terminal else Lines(console)
