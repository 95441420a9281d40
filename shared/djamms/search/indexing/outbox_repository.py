"""The outbox of changes, and the lock of who writes to OpenSearch."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.db.types import AnyRow
from djamms.models.indexing import VERSION, SearchChange

# Held for one batch, and freed by the end of the transaction whatever becomes of its holder.
WRITING, BUILDING = 0x73656172, 0x6275696C
# A process that was stopped in the middle, as a function is when its time is over, does not end its
# transaction: the server does. Longer than a batch may wait for OpenSearch (`BATCH_SECONDS`).
TIMEOUTS = {"lock_timeout": "5s", "idle_in_transaction_session_timeout": "40s"}


def lock(database: Database) -> int:
    """Waits for who writes to OpenSearch now; answers the version of what is written next. Whoever
    loses the lock in the middle of it writes with a lower one. Raises DBAPIError when it takes too
    long."""
    database.execute(select(*(func.set_config(*one, True) for one in TIMEOUTS.items())))
    database.execute(select(func.pg_advisory_xact_lock(WRITING)))
    return int(database.execute(select(VERSION.next_value())).scalar_one())


def go_on_from(database: Database, version: int) -> None:
    """What is written next has a higher one. For who has the lock."""
    database.execute(select(func.setval(VERSION.name, version)))


def is_builder(database: Database) -> bool:
    """Whether nobody else is at the next batch of a reindex."""
    return bool(database.scalar(select(func.pg_try_advisory_xact_lock(BUILDING))))


def changes(database: Database, limit: int) -> Sequence[AnyRow]:
    """The most urgent first. Without locking them: writers only ever add rows, and who holds the
    lock removes them."""
    columns = select(SearchChange.id, SearchChange.kind, SearchChange.document)
    first = columns.order_by(SearchChange.urgency.desc(), SearchChange.id)
    return database.execute(first.limit(limit)).all()


def forget(database: Database, ids: Sequence[int]) -> None:
    gone = text("DELETE FROM search_outbox WHERE id = ANY (CAST(:ids AS bigint[]))")
    database.execute(gone, {"ids": list(ids)})


def forget_all(database: Database) -> None:
    database.execute(delete(SearchChange))


def is_pending(database: Database) -> bool:
    return database.scalar(select(SearchChange.id).limit(1)) is not None


def age_of_oldest(database: Database) -> timedelta:
    oldest = select(SearchChange.changed_at).order_by(SearchChange.id).limit(1)
    changed_at = database.scalar(oldest)
    return clock.now() - changed_at if changed_at else timedelta(0)
