"""What this machine has sent to one server, so that a later run sends nothing twice.

A row is written before the first byte of a file leaves, and names the track it becomes: whatever
is killed, and whenever, the next run finds the same track under the same content.
"""

import fcntl
import json
import os
import sqlite3
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from local.errors import LocalError
from local.importer.scan import MusicFile

VERSION = 1
SCHEMA = f"""
CREATE TABLE contents (
    digest TEXT PRIMARY KEY,
    track_id TEXT NOT NULL,
    stage TEXT NOT NULL,
    target TEXT NOT NULL,
    expires_at REAL NOT NULL,
    code TEXT,
    message TEXT
) WITHOUT ROWID;
CREATE TABLE files (
    path BLOB PRIMARY KEY,
    size_bytes INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    digest TEXT NOT NULL
) WITHOUT ROWID;
PRAGMA user_version = {VERSION};
"""


class Stage(StrEnum):
    REQUESTED = "requested"  # the server gave an id; the file may or may not have arrived
    SENT = "sent"  # the storage has confirmed it
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Target:
    """A presigned POST form: good for one key, any number of times, until `expires_at` (epoch)."""

    url: str
    fields: dict[str, str]
    expires_at: float

    @property
    def is_usable(self) -> bool:
        return time.time() < self.expires_at - 30


@dataclass(frozen=True, slots=True)
class Entry:
    track_id: str
    stage: Stage
    target: Target
    code: str | None = None
    message: str | None = None


class Journal:
    """One SQLite file for one server; one run at a time may hold it."""

    def __init__(self, file: Path) -> None:
        self.file = file
        file.parent.mkdir(parents=True, exist_ok=True)
        self._lock = _locked(file)
        try:
            self._database = _opened(file)
        except sqlite3.DatabaseError as error:
            os.close(self._lock)
            raise LocalError(
                f"The import journal {file} cannot be used ({error}); move it away to start anew."
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()
        os.close(self._lock)

    def find(self, digest: str) -> Entry | None:
        row = self._database.execute(
            "SELECT track_id, stage, target, expires_at, code, message FROM contents"
            " WHERE digest = ?",
            (digest,),
        ).fetchone()
        return row and _entry(row)

    def requested(self, digest: str, track_id: str, target: Target) -> None:
        form = json.dumps([target.url, target.fields])
        self._write(
            "REPLACE INTO contents VALUES (?, ?, ?, ?, ?, NULL, NULL)",
            (digest, track_id, Stage.REQUESTED, form, target.expires_at),
        )

    def advance(
        self, digest: str, stage: Stage, *, code: str | None = None, message: str | None = None
    ) -> None:
        self._write(
            "UPDATE contents SET stage = ?, code = ?, message = ? WHERE digest = ?",
            (stage, code, message, digest),
        )

    def forget(self, digest: str) -> None:
        self._write("DELETE FROM contents WHERE digest = ?", (digest,))

    def known_digest(self, file: MusicFile) -> str | None:
        """Of an earlier run, when neither size nor time of change differ: reading is saved."""
        row = self._database.execute(
            "SELECT digest FROM files WHERE path = ? AND size_bytes = ? AND modified_ns = ?",
            (os.fsencode(file.path), file.size_bytes, file.modified_ns),
        ).fetchone()
        return row and str(row[0])

    def remember_digest(self, file: MusicFile, digest: str) -> None:
        self._write(
            "REPLACE INTO files VALUES (?, ?, ?, ?)",
            (os.fsencode(file.path), file.size_bytes, file.modified_ns, digest),
        )

    def _write(self, statement: str, values: tuple[object, ...]) -> None:
        with self._database:
            self._database.execute(statement, values)


def _locked(file: Path) -> int:
    lock = os.open(file.with_name(file.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(lock)
        raise LocalError("Another import into this server is running; wait for its end.") from error
    return lock


def _opened(file: Path) -> sqlite3.Connection:
    database = sqlite3.connect(file)
    try:
        _prepare(database)
    except sqlite3.DatabaseError:
        database.close()
        raise
    return database


def _prepare(database: sqlite3.Connection) -> None:
    # A commit is on the disk before the next step: a power cut must not forget a request.
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    version = database.execute("PRAGMA user_version").fetchone()[0]
    if version == 0:
        database.executescript(SCHEMA)
    elif version != VERSION:
        raise sqlite3.DatabaseError(f"it is of version {version}, this program knows {VERSION}")


def _entry(row: tuple[Any, ...]) -> Entry:
    track_id, stage, form, expires_at, code, message = row
    url, fields = json.loads(form)
    return Entry(track_id, Stage(stage), Target(url, fields, expires_at), code, message)
