"""Which files are meant: folders to any depth, through symbolic links, each folder once."""

import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from local.importer.names import looks_like_audio
from local.importer.outcome import Outcome, cannot_open, failed

MAX_UPLOAD_BYTES = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class MusicFile:
    path: Path
    size_bytes: int
    modified_ns: int


@dataclass(slots=True)
class Scan:
    """`problems` are files or folders that cannot be imported; `skipped` are not meant to be."""

    files: list[MusicFile] = field(default_factory=list)
    problems: list[Outcome] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    _folders: set[tuple[int, int]] = field(default_factory=set)
    _paths: set[Path] = field(default_factory=set)

    @property
    def size_bytes(self) -> int:
        return sum(file.size_bytes for file in self.files)

    def take(self, path: Path, *, named: bool) -> None:
        """`named`: given on the command line, so neither hidden nor skipped for its extension."""
        try:
            status = path.stat()
        except OSError as error:
            self.problems.append(cannot_open(path, error))
            return
        if stat.S_ISDIR(status.st_mode):
            self._take_folder(path, (status.st_dev, status.st_ino))
        elif stat.S_ISREG(status.st_mode):
            self._take_file(path, status, named=named)
        else:
            self.skipped["not a regular file"] += 1

    def _take_folder(self, path: Path, identity: tuple[int, int]) -> None:
        if identity in self._folders:
            return
        self._folders.add(identity)
        try:
            with os.scandir(path) as entries:
                names = sorted(entry.name for entry in entries)
        except OSError as error:
            self.problems.append(cannot_open(path, error))
            return
        for name in names:
            self._take_entry(path / name)

    def _take_entry(self, path: Path) -> None:
        if path.name.startswith("."):
            self.skipped["hidden"] += 1
        elif path.is_symlink() and not path.exists() and not looks_like_audio(path):
            self.skipped["broken link"] += 1
        else:
            self.take(path, named=False)

    def _take_file(self, path: Path, status: os.stat_result, *, named: bool) -> None:
        if not named and not looks_like_audio(path):
            self.skipped["not audio by its name"] += 1
        elif path in self._paths:
            return
        elif status.st_size == 0:
            self.problems.append(failed(path, "empty_file", "The file is empty."))
        elif status.st_size > MAX_UPLOAD_BYTES:
            self.problems.append(failed(path, "too_large", "The file is larger than 50 MB."))
        else:
            self._paths.add(path)
            self.files.append(MusicFile(path, status.st_size, status.st_mtime_ns))


def scan(paths: Iterable[Path]) -> Scan:
    found = Scan()
    for path in absolute(paths):
        found.take(path, named=True)
    return found


def absolute(paths: Iterable[Path]) -> Iterator[Path]:
    """Without `..` and the like; links stay as they are, so that names are the ones people know."""
    for path in paths:
        yield Path(os.path.abspath(path))  # noqa: PTH100 -- resolve() would follow links
