"""One import: every file's way from the disk to a track, many at a time."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import httpx

from local.importer.announce import Announcer
from local.importer.api import Api, NewFile, Refused, SignInFailed, TrackState
from local.importer.journal import Entry, Journal, Stage, Target
from local.importer.names import content_type, upload_name
from local.importer.outcome import Outcome, Result, cannot_open, failed
from local.importer.patience import Patience
from local.importer.progress import Progress
from local.importer.scan import MusicFile
from local.importer.upload import FileChanged, Form, UploadRefused, digest_of, upload
from local.importer.watch import GONE, STALLED, Watcher

# Files that are sent and not yet tracks, at most: the server's queue is not ours to fill.
MAX_UNDER_WAY = 400
MAX_SENDS = 3
# For each file that is being sent, so many are read and asked for.
AHEAD = 3
FORBIDDEN = 403
# The server could not, or the file never came: another attempt may end differently.
TRANSIENT_CODES = frozenset({"processing_error", "upload_expired"})


@dataclass(frozen=True, slots=True)
class Options:
    concurrency: int = 8
    is_public: bool = True
    retry_failed: bool = False


@dataclass(slots=True)
class Import:
    """`storage` sends files, `api` everything else: a slow upload must not hold up a question."""

    api: Api
    storage: httpx.AsyncClient
    journal: Journal
    patience: Patience
    progress: Progress
    options: Options
    watcher: Watcher
    announcer: Announcer
    outcomes: list[Outcome] = field(default_factory=list)
    _owners: dict[str, MusicFile] = field(default_factory=dict)
    _present: set[str] = field(default_factory=set)
    _ahead: asyncio.Semaphore = field(default_factory=asyncio.Semaphore)
    _slots: asyncio.Semaphore = field(default_factory=asyncio.Semaphore)
    _room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MAX_UNDER_WAY))

    async def run(self, files: Sequence[MusicFile]) -> None:
        """Raises ExceptionGroup of ServerAway or SignInFailed; `outcomes` has what was reached."""
        self._slots = asyncio.Semaphore(self.options.concurrency)
        self._ahead = asyncio.Semaphore(self.options.concurrency * (1 + AHEAD))
        await self.api.sign_in()
        await self._look_for_known(files)
        async with asyncio.TaskGroup() as group:
            watching = group.create_task(self.watcher.run())
            async with asyncio.TaskGroup() as work:
                for file in files:
                    await self._room.acquire()
                    work.create_task(self._one(file))
            watching.cancel()

    async def _look_for_known(self, files: Sequence[MusicFile]) -> None:
        """What an earlier run has finished is looked up in bulk, not one by one."""
        digests = filter(None, map(self.journal.known_digest, files))
        entries = filter(None, map(self.journal.find, set(digests)))
        ready = [entry.track_id for entry in entries if entry.stage is Stage.READY]
        self._present = await self.api.present(ready)

    async def _one(self, file: MusicFile) -> None:
        try:
            outcome = await self._import(file)
        except OSError as error:
            outcome = cannot_open(file.path, error)
        except FileChanged:
            outcome = failed(file.path, "file_changed", "It changed while it was being sent.")
        except Refused as refusal:
            outcome = failed(file.path, refusal.code, refusal.message)
        except UploadRefused as refusal:
            outcome = failed(file.path, "upload_refused", str(refusal))
        finally:
            self._room.release()
        self.outcomes.append(outcome)
        self.progress.done(file, outcome)

    async def _import(self, file: MusicFile) -> Outcome:
        async with self._ahead:
            digest = await self._digest(file)
            owner = self._owners.setdefault(digest, file)
            if owner is not file:
                return Outcome(
                    file.path, Result.DUPLICATE, file.size_bytes, duplicate_of=owner.path
                )
            known = self.journal.find(digest)
            if known and (outcome := await self._finished(file, digest, known)):
                return outcome
            track_id = await self._send(file, digest, is_first=True)
        return await self._bring_in(file, digest, track_id)

    async def _digest(self, file: MusicFile) -> str:
        digest = self.journal.known_digest(file)
        if digest is None:
            digest = await asyncio.to_thread(digest_of, file.path)
            self.journal.remember_digest(file, digest)
        return digest

    async def _finished(self, file: MusicFile, digest: str, known: Entry) -> Outcome | None:
        """What an earlier run ended with, if that still stands."""
        if known.stage is Stage.FAILED:
            if not self.options.retry_failed and known.code not in TRANSIENT_CODES:
                return self._failure(file, known.track_id, known.code, known.message)
            self.journal.forget(digest)
        elif known.stage is Stage.READY:
            if known.track_id in self._present or await self._is_ready(known.track_id):
                return Outcome(file.path, Result.ALREADY, file.size_bytes, known.track_id)
            self.journal.forget(digest)
        return None

    async def _is_ready(self, track_id: str) -> bool:
        state = await self.api.state(track_id)
        return state is not None and state.state == "ready"

    async def _bring_in(self, file: MusicFile, digest: str, track_id: str) -> Outcome:
        """Waits, and sends again what was lost on the way, always as the same track."""
        for attempt in range(MAX_SENDS):
            if attempt:
                async with self._ahead:
                    track_id = await self._send(file, digest, is_first=False)
            state = await self.watcher.settled(track_id)
            if state is GONE or state.code in TRANSIENT_CODES:
                self.journal.forget(digest)
            elif state is not STALLED:
                return self._settle(file, digest, track_id, state)
        message = "The server has the file and no track yet; run again later."
        return self._failure(file, track_id, "not_processed", message)

    async def _send(self, file: MusicFile, digest: str, *, is_first: bool) -> str:
        """The track's id, once the storage has the file. Goes on where an earlier run was cut.

        Sending again under the same id stores the same object anew, so it is always safe. A new
        id is asked for only when the file of the old one cannot have arrived any more.
        """
        entry = self.journal.find(digest)
        state = await self.api.state(entry.track_id) if entry else None
        if entry is None or state is None or state.code in TRANSIENT_CODES:
            entry = await self._request(file, digest)
        elif state.state != "uploading" or (is_first and entry.stage is Stage.SENT):
            return entry.track_id
        elif not entry.target.is_usable:
            # It may have arrived unseen long ago: only when waiting shows no track is it new.
            if is_first or entry.stage is Stage.SENT:
                return entry.track_id
            entry = await self._request(file, digest)
        async with self._slots:
            if not entry.target.is_usable:  # the files before it took that long
                entry = await self._request(file, digest)
            await self._upload(file, digest, entry.target)
        self.journal.advance(digest, Stage.SENT)
        return entry.track_id

    async def _request(self, file: MusicFile, digest: str) -> Entry:
        try:
            track_id, target = await self.announcer.request(
                NewFile(
                    upload_name(file.path),
                    content_type(file.path),
                    file.size_bytes,
                    self.options.is_public,
                )
            )
        except Refused as refusal:
            if refusal.status == FORBIDDEN:  # so it will be for every file
                raise SignInFailed(f"This account cannot upload: {refusal.message}") from refusal
            raise
        self.journal.requested(digest, track_id, target)
        return Entry(track_id, Stage.REQUESTED, target)

    async def _upload(self, file: MusicFile, digest: str, target: Target) -> None:
        form = Form(
            file.path,
            file.size_bytes,
            digest,
            target,
            on_sent=partial(self.progress.sent, file.path),
            on_restart=partial(self.progress.restart, file.path),
        )
        await upload(self.storage, form, self.patience)

    def _settle(self, file: MusicFile, digest: str, track_id: str, state: TrackState) -> Outcome:
        if state.state == "ready":
            self.journal.advance(digest, Stage.READY)
            return Outcome(file.path, Result.IMPORTED, file.size_bytes, track_id)
        self.journal.advance(digest, Stage.FAILED, code=state.code, message=state.message)
        return self._failure(file, track_id, state.code, state.message)

    def _failure(
        self, file: MusicFile, track_id: str, code: str | None, message: str | None
    ) -> Outcome:
        words = message or "The server gave no reason."
        return failed(
            file.path, code or "failed", words, size_bytes=file.size_bytes, track_id=track_id
        )
