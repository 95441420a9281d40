"""Finds tracks whose sound is gone from the bucket, and those whose sound is back.

Nothing is deleted here. Rows are read before the listing that judges them: a sound lies in its
place before its row is committed, so that what the listing lacks is gone, not late.
"""

import time
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.music import missing_repository as repository
from djamms.observability import logger
from djamms.storage.keys import AUDIO
from djamms.storage.store import ObjectStore

PAGE = 5000
BATCH = 1000
# Of the function's 900; the rest is for marking what was found.
MOST_SECONDS = 600
# More than either at once is the bucket's trouble, not the tracks'.
ALWAYS_PLAUSIBLE = 100
PLAUSIBLE_PERCENT = 10
ADVICE = (
    "Nothing was marked. See whether AWS_S3_BUCKET names the right bucket, and whether its objects "
    'are there; if they are gone indeed, run {"job": "check-objects", "force": true}.'
)

type Transaction = Callable[[], AbstractContextManager[Database]]


class TooManyMissing(Exception):
    """More sounds are missing than can be believed."""


@dataclass(slots=True)
class Checked:
    checked: int = 0
    marked: int = 0
    healed: int = 0
    # Of the whole library, after this run.
    missing: int = 0
    # False when its time was over: the next run goes on there.
    is_complete: bool = True


def check_objects(transaction: Transaction, *, store: ObjectStore, force: bool = False) -> Checked:
    """One bounded run. Raises TooManyMissing, and what S3 raises: then nothing was marked."""
    started = clock.now()
    with transaction() as database:
        progress = repository.read_progress(database)
        plausible = max(
            ALWAYS_PLAUSIBLE, repository.count_active(database) * PLAUSIBLE_PERCENT // 100
        )
    earlier = int(progress.get("missing", 0))
    run = Run(transaction, store, most=None if force else plausible - earlier)
    behind = run.look_at_all(str(progress.get("after", "")))
    if run.gone and not force and not any(store.pages(AUDIO, page_size=1)):
        run.refuse()
    run.mark(started)
    so_far = {"after": behind, "missing": earlier + run.report.marked} if behind else {}
    with transaction() as database:
        if so_far != progress:
            repository.write_progress(database, so_far)
        run.report.missing = repository.count_missing(database)
    run.report.is_complete = not behind
    return run.report


@dataclass(slots=True)
class Run:
    """`most`: how many may be gone; None = any number."""

    transaction: Transaction
    store: ObjectStore
    most: int | None
    gone: list[UUID] = field(default_factory=list)
    report: Checked = field(default_factory=Checked)

    def look_at_all(self, after: str) -> str:
        """Behind which key the next run is to go on; "" when the end was reached."""
        over_at = time.monotonic() + MOST_SECONDS
        while keys := self._look_behind(after):
            after = keys[-1]
            if time.monotonic() >= over_at:
                return after
        return ""

    def _look_behind(self, after: str) -> list[str]:
        """The keys of one page of tracks."""
        with self.transaction() as database:
            rows = repository.list_keys(database, after=after, limit=PAGE)
        keys = [row.object_key for row in rows]
        found = self._listed(keys, after) if keys else set()
        self.report.checked += len(rows)
        self.gone += [r.id for r in rows if r.object_key not in found and not r.is_missing]
        if self.most is not None and len(self.gone) > self.most:
            self.refuse()
        self._heal([row.id for row in rows if row.object_key in found and row.is_missing])
        return keys

    def _listed(self, keys: Sequence[str], after: str) -> Collection[str]:
        """Those of the keys, which are in order, that have an object."""
        wanted, found = set(keys), set[str]()
        for page in self.store.pages(AUDIO, after=after or AUDIO):
            found |= wanted.intersection(info.key for info in page)
            if page and page[-1].key >= keys[-1]:
                break
        return found

    def _heal(self, track_ids: Sequence[UUID]) -> None:
        for part in batched(track_ids, BATCH, strict=False):
            with self.transaction() as database:
                self.report.healed += repository.heal(database, part, now=clock.now())

    def mark(self, started: datetime) -> None:
        for part in batched(self.gone, BATCH, strict=False):
            with self.transaction() as database:
                self.report.marked += repository.mark_missing(
                    database, part, unchanged_since=started, now=clock.now()
                )

    def refuse(self) -> None:
        """Raises TooManyMissing."""
        figures = {"checked": self.report.checked, "gone": len(self.gone), "most": self.most}
        logger.error("too_many_missing", extra={**figures, "advice": ADVICE})
        raise TooManyMissing(f"{len(self.gone)} of {self.report.checked} are missing. {ADVICE}")
