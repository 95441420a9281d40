"""Whether the node still has what is registered here, and nothing newer than this database has."""

import time
from collections.abc import Callable
from functools import cache

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.db.session import Transaction
from djamms.models.indexing import IndexState
from djamms.observability import logger
from djamms.search.indexing import indexes_repository, outbox_repository, store
from djamms.search.indexing.patience import one_batch

# Woken each minute, an indexer looks each time.
EVERY_SECONDS = 50.0


class Checks:
    """Of one process, from its first work on."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now, self._due = now, float("-inf")

    def check_when_due(self, transaction: Transaction) -> None:
        if self._now() >= self._due:
            check(transaction)
            self._due = self._now() + EVERY_SECONDS


@cache
def checks() -> Checks:
    return Checks()


def check(transaction: Transaction) -> None:
    """Puts a lost alias back; wants another index for one that is gone, and for one that was told
    of changes which this database, restored from an older copy, knows nothing of."""
    with transaction() as database, one_batch():
        version = outbox_repository.lock(database)
        aliases = store.aliases()
        known = indexes_repository.told(database)
        newest = max((store.newest_version(name) for name in known if name in aliases), default=0)
        _put_aliases_back(database, aliases)
        for name in known:
            if name not in aliases:
                _forget(database, name)
        if newest >= version:
            _make_anew(database, newest)


def _put_aliases_back(database: Database, aliases: dict[str, set[str]]) -> None:
    live = indexes_repository.live(database)
    if live is None or live.name not in aliases:
        return
    if not store.has_aliases(live.name, aliases):
        logger.error("alias_put_back", extra={"index": live.name})
        store.go_live(live.name)


def _forget(database: Database, name: str) -> None:
    logger.error("index_gone", extra={"index": name})
    if indexes_repository.is_live(database, name):
        indexes_repository.remove(database, name)
        _want(database)
    else:
        indexes_repository.change(database, name, state=IndexState.WANTED, cursors={})


def _make_anew(database: Database, newest: int) -> None:
    """Until then what changes is taken again, and what was deleted from this copy may be found."""
    logger.error("index_is_newer", extra={"version": newest})
    outbox_repository.go_on_from(database, newest)
    indexes_repository.remove_coming(database)
    _want(database)


def _want(database: Database) -> None:
    """Unless one is on its way."""
    indexes_repository.want(database, store.new_name(clock.now()), store.definition_hash())
