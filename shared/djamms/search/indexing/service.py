"""Keeping OpenSearch up to date, and making its index anew."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.config import config
from djamms.db.outbox import wake_indexer
from djamms.db.session import Transaction, after_commit
from djamms.models.indexing import IndexState, SearchIndex
from djamms.search.indexing import indexes_repository, outbox_repository, store
from djamms.search.indexing.building import build_on
from djamms.search.indexing.changes import tell_changes
from djamms.search.indexing.checking import checks


@dataclass(frozen=True, slots=True)
class Progress:
    """Of the index on its way, or else of the live one. `refused` are documents that the mapping
    does not take: the log says which. `expected` was counted at the start."""

    name: str
    state: IndexState
    documents: int
    expected: int
    refused: int
    created_at: datetime
    live_at: datetime | None


def work(transaction: Transaction, *, has_time: Callable[[], bool]) -> bool:
    """Tells all that is in the outbox, and builds what is on its way, in turns; whether all is
    done. Else whoever calls wakes another."""
    if has_time():
        checks().check_when_due(transaction)
    while has_time():
        is_all_told = tell_changes(transaction)
        if not build_on(transaction) and is_all_told:
            return True
    return False


def work_or_wake(transaction: Transaction, *, has_time: Callable[[], bool]) -> bool:
    is_done = work(transaction, has_time=has_time)
    if not is_done:
        wake_indexer()
    return is_done


def begin(database: Database) -> tuple[Progress, bool]:
    """Wants a new index, unless one is on its way; whether it did not exist before. Asks nothing
    of OpenSearch: the indexer makes it."""
    name = store.new_name(clock.now())
    is_new = indexes_repository.want(database, name, store.definition_hash())
    after_commit(database, wake_indexer)
    wanted = indexes_repository.coming(database)
    assert wanted is not None
    return _progress(wanted), is_new


def cancel(database: Database) -> bool:
    """What was built of it is deleted when the next is made; False where none was on its way."""
    return indexes_repository.remove_coming(database)


def progress(database: Database) -> Progress | None:
    found = indexes_repository.coming(database) or indexes_repository.live(database)
    return _progress(found) if found else None


def keep_current(database: Database) -> bool:
    """Wants an index where there is none, or none as it would be made now; forgets all where there
    is no OpenSearch, so that no outbox grows for nobody. Whether anything is to be done."""
    if not config.index_queue_url:
        indexes_repository.remove_all(database)
        outbox_repository.forget_all(database)
        return False
    coming = indexes_repository.coming(database)
    if coming and coming.definition != store.definition_hash():
        indexes_repository.remove_coming(database)
        coming = None
    newest = coming or indexes_repository.live(database)
    if newest is None or newest.definition != store.definition_hash():
        begin(database)
    return True


def sweep(database: Database) -> dict[str, bool]:
    """Each minute: wakes the indexer for what a crash or a lost message left, for changes of rank,
    which wake nobody, and to look whether the node still has what it should."""
    has_search = keep_current(database)
    if has_search:
        after_commit(database, wake_indexer)
    return {"woken": has_search}


def _progress(found: SearchIndex) -> Progress:
    return Progress(
        name=found.name,
        state=IndexState(found.state),
        documents=found.documents,
        expected=found.expected,
        refused=found.refused,
        created_at=found.created_at,
        live_at=found.live_at,
    )
