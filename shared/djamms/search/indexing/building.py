"""A new index beside the live one, batch by batch. Where it stands is in the database, so that
anybody goes on with it; changes are told to both meanwhile."""

from enum import Enum

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.db.session import Transaction
from djamms.models.indexing import IndexState, SearchIndex
from djamms.observability import logger
from djamms.search.indexing import (
    documents_repository,
    indexes_repository,
    outbox_repository,
    store,
)
from djamms.search.indexing.patience import one_batch
from djamms.search.kinds import Kind

BATCH = 2000


class Step(Enum):
    """What a step came to: nothing is on its way, there is more to do, or it went live."""

    NONE, MORE, LIVE = range(3)


def build_on(transaction: Transaction) -> bool:
    """The next step of the one index that is on its way; whether there is anything left to do."""
    try:
        with transaction() as database, one_batch():
            step = _step(database)
        if step is Step.LIVE:
            _delete_old(transaction)
            store.merge_live()
    except store.IndexGone as gone:
        logger.error("index_gone", extra={"index": str(gone)})
        with transaction() as database:
            indexes_repository.change(database, str(gone), state=IndexState.WANTED, cursors={})
        return True
    return step is Step.MORE


def _step(database: Database) -> Step:
    """Locks no row while it waits for OpenSearch: what was cancelled meanwhile is found to be gone
    afterwards, and whatever it left there is deleted when the next one is made."""
    if not indexes_repository.coming(database) or not outbox_repository.is_builder(database):
        return Step.NONE
    version = outbox_repository.lock(database)
    index = indexes_repository.coming(database)
    if index is None:
        return Step.NONE
    if index.state == IndexState.WANTED:
        _create(database, index)
    elif kind := _unfinished(index):
        _add(database, index, kind, version)
    else:
        # What is still in the outbox lacks in the live one too: it goes to each at once.
        return _go_live(database, index)
    return Step.MORE


def _create(database: Database, index: SearchIndex) -> None:
    """Empty. Nothing is read before every writer knows of it."""
    _delete_unknown(database)
    store.create(index.name)
    expected = documents_repository.count_expected(database)
    indexes_repository.open_outbox(database)
    begun = {"state": IndexState.BUILDING, "cursors": {}, "documents": 0, "refused": 0}
    indexes_repository.change(database, index.name, **begun, expected=expected)


def _delete_unknown(database: Database) -> None:
    """What was cancelled, replaced, or created by one that crashed then."""
    for name in set(store.names()) - set(indexes_repository.told(database)):
        store.delete(name)


def _unfinished(index: SearchIndex) -> Kind | None:
    return next((kind for kind in Kind if index.cursors.get(kind, "") is not None), None)


def _add(database: Database, index: SearchIndex, kind: Kind, version: int) -> None:
    cursor = index.cursors.get(kind)
    keys = documents_repository.keys_behind(database, kind, cursor, BATCH)
    refused = 0
    if keys:
        body = documents_repository.lines(database, kind, keys, version=version)
        refused = store.write(index.name, body)
    indexes_repository.change(
        database,
        index.name,
        cursors={**index.cursors, kind: keys[-1] if len(keys) == BATCH else None},
        documents=index.documents + len(keys),
        refused=index.refused + refused,
    )


def _go_live(database: Database, index: SearchIndex) -> Step:
    """Whatever fails in between, doing it again comes to the same. Nobody cancels it while the
    alias moves: that is one short call."""
    store.prepare_live(index.name)
    kept = indexes_repository.coming(database, keep=True)
    if kept is None or kept.name != index.name:
        return Step.MORE
    store.go_live(index.name)
    indexes_repository.remove_live(database)
    indexes_repository.change(database, index.name, state=IndexState.LIVE, live_at=clock.now())
    facts = {"index": index.name, "documents": index.documents, "refused": index.refused}
    logger.info("index_live", extra=facts)
    return Step.LIVE


def _delete_old(transaction: Transaction) -> None:
    """Under the lock, as one that is being created is not known either before its commit."""
    with transaction() as database, one_batch():
        outbox_repository.lock(database)
        _delete_unknown(database)
