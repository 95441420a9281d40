"""Whether the index may answer: it must be made as this code asks, and be told of changes in time.
Its counts and facets cannot be held against what may be seen now, as its hits are."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import cache

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.search.currency_repository import has_current
from djamms.search.indexing.store import definition_hash

# Of what was edited or is new somebody waits to be found; changes of rank wait for up to a minute
# until anybody is woken for them.
MOST_LATE, RANK_MOST_LATE = timedelta(seconds=15), timedelta(seconds=120)
KEPT_SECONDS = 1.0


def is_current(database: Database) -> bool:
    now = clock.now()
    edges = {"edge": now - MOST_LATE, "rank_edge": now - RANK_MOST_LATE}
    return has_current(database, definition=_definition(), **edges)


class Kept:
    """An answer, for a second."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now, self._answer, self._until = now, False, -1.0

    def read(self, database: Database) -> bool:
        if self._now() >= self._until:
            self._answer = is_current(database)
            self._until = self._now() + KEPT_SECONDS
        return self._answer


@cache
def kept() -> Kept:
    """Of this process."""
    return Kept()


@cache
def _definition() -> str:
    return definition_hash()
