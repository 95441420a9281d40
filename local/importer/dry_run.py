"""What an import would do, as far as this machine can tell without asking the server."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from local.importer.journal import Journal, Stage
from local.importer.outcome import Outcome, Result, cannot_open, failed
from local.importer.run import TRANSIENT_CODES
from local.importer.scan import MusicFile
from local.importer.upload import digest_of


def plan(files: Iterable[MusicFile], journal: Journal | None) -> Iterator[Outcome]:
    owners: dict[str, Path] = {}
    for file in files:
        try:
            digest = (journal and journal.known_digest(file)) or digest_of(file.path)
        except OSError as error:
            yield cannot_open(file.path, error)
            continue
        owner = owners.setdefault(digest, file.path)
        if owner is not file.path:
            yield Outcome(file.path, Result.DUPLICATE, file.size_bytes, duplicate_of=owner)
        else:
            yield _expected(file, digest, journal)


def _expected(file: MusicFile, digest: str, journal: Journal | None) -> Outcome:
    entry = journal.find(digest) if journal else None
    if entry and entry.stage is Stage.READY:
        return Outcome(file.path, Result.ALREADY, file.size_bytes, entry.track_id)
    if entry and entry.stage is Stage.FAILED and entry.code not in TRANSIENT_CODES:
        return failed(
            file.path, entry.code or "failed", entry.message or "", size_bytes=file.size_bytes
        )
    return Outcome(file.path, Result.WOULD_IMPORT, file.size_bytes)
