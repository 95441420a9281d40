"""From the outbox to OpenSearch, batch by batch."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy.orm import Session as Database

from djamms.db.session import Transaction
from djamms.db.types import AnyRow
from djamms.observability import logger
from djamms.search.indexing import indexes_repository, outbox_repository, store
from djamms.search.indexing.documents_repository import lines
from djamms.search.indexing.patience import one_batch
from djamms.search.kinds import Kind

BATCH = 1000
# As many are found at once, as a person expects of what they have just changed. More wait for the
# next refresh: one for each batch of an import would cost more than it brings.
AT_ONCE = 50


def tell_changes(transaction: Transaction) -> bool:
    """One batch, the most urgent first; whether there was no more of it. What is told is what there
    is now: whatever changes meanwhile is in the outbox again."""
    try:
        with transaction() as database, one_batch():
            return _tell(database)
    except store.IndexGone as gone:
        _forget_index(transaction, str(gone))
        return False


def _tell(database: Database) -> bool:
    version = outbox_repository.lock(database)
    changes = outbox_repository.changes(database, BATCH)
    if changes:
        body = _lines(database, changes, version)
        live = indexes_repository.live(database)
        for name in indexes_repository.told(database):
            refresh = live is not None and name == live.name and len(changes) <= AT_ONCE
            if refused := store.write(name, body, refresh=refresh):
                indexes_repository.add_refused(database, name, refused)
        outbox_repository.forget(database, [change.id for change in changes])
    return len(changes) < BATCH


def _lines(database: Database, changes: Sequence[AnyRow], version: int) -> str:
    keys: dict[Kind, list[str]] = defaultdict(list)
    for change in changes:
        keys[Kind(change.kind)].append(change.document)
    return "".join(lines(database, kind, keys[kind], version=version) for kind in keys)


def _forget_index(transaction: Transaction, name: str) -> None:
    """The sweeper wants another where none is left."""
    logger.error("index_gone", extra={"index": name})
    with transaction() as database:
        indexes_repository.remove(database, name)
