"""The indices that are told of changes."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session as Database

from djamms.models.indexing import IndexState, SearchIndex

# Writers wait behind who waits for them.
LOCK_TIMEOUT = "2s"


def all_indexes(database: Database) -> Sequence[SearchIndex]:
    return database.scalars(select(SearchIndex).order_by(SearchIndex.created_at)).all()


def told(database: Database) -> list[str]:
    """Those that are there."""
    is_there = SearchIndex.state != IndexState.WANTED
    return list(database.scalars(select(SearchIndex.name).where(is_there)))


def live(database: Database) -> SearchIndex | None:
    return database.scalar(select(SearchIndex).where(SearchIndex.state == IndexState.LIVE))


def is_live(database: Database, name: str) -> bool:
    found = live(database)
    return found is not None and found.name == name


def coming(database: Database, *, keep: bool = False) -> SearchIndex | None:
    """The one on its way; `keep`: nobody cancels it before this transaction ends, so that nothing
    slow may follow."""
    statement = select(SearchIndex).where(SearchIndex.state != IndexState.LIVE)
    statement = statement.execution_options(populate_existing=True)
    return database.scalar(statement.with_for_update() if keep else statement)


def want(database: Database, name: str, definition: str) -> bool:
    """False where one is on its way."""
    row = {"name": name, "definition": definition, "state": IndexState.WANTED}
    statement = insert(SearchIndex).values(row).on_conflict_do_nothing()
    return database.scalar(statement.returning(SearchIndex.name)) is not None


def open_outbox(database: Database) -> None:
    """From now on every change is in the outbox: waits for all that have looked whether there is
    an index and found none. Raises DBAPIError when one of them takes too long."""
    database.execute(select(func.set_config("lock_timeout", LOCK_TIMEOUT, True)))
    database.execute(text("LOCK TABLE search_indexes IN ACCESS EXCLUSIVE MODE"))


def change(database: Database, name: str, **values: Any) -> bool:
    """False where it is gone, as it was cancelled."""
    statement = update(SearchIndex).where(SearchIndex.name == name).values(values)
    return database.scalar(statement.returning(SearchIndex.name)) is not None


def add_refused(database: Database, name: str, refused: int) -> None:
    change(database, name, refused=SearchIndex.refused + refused)


def remove(database: Database, name: str) -> None:
    database.execute(delete(SearchIndex).where(SearchIndex.name == name))


def remove_coming(database: Database) -> bool:
    """Not one that goes live at this moment: whoever comes second here finds it live."""
    statement = delete(SearchIndex).where(SearchIndex.state != IndexState.LIVE)
    return database.scalar(statement.returning(SearchIndex.name)) is not None


def remove_live(database: Database) -> None:
    database.execute(delete(SearchIndex).where(SearchIndex.state == IndexState.LIVE))


def remove_all(database: Database) -> None:
    database.execute(delete(SearchIndex))
