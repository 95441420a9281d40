"""How fast documents come into OpenSearch: all of them anew, and those that changed."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, create_engine, text

from tests.support.stack import LocalStack

CHANGED = 20_000
PATIENCE_SECONDS = 900.0
LOOK_SECONDS = 0.05
CHANGE = text(
    "UPDATE tracks SET year = coalesce(year, 2000) + 1 WHERE id IN (SELECT id FROM tracks LIMIT :n)"
)
WAITING = text("SELECT count(*) FROM search_outbox")
IS_WAITING = text("SELECT EXISTS (SELECT FROM search_outbox)")
LIVE = text("SELECT documents FROM search_indexes WHERE name = :name AND state = 'live'")
IS_COMING = text("SELECT EXISTS (SELECT FROM search_indexes WHERE state <> 'live')")


@dataclass(frozen=True, slots=True)
class Speed:
    documents: int
    seconds: float

    @property
    def per_second(self) -> float:
        return round(self.documents / self.seconds)


def reindex(stack: LocalStack) -> Speed:
    """A whole index beside the one that serves, until searches ask the new one. Nothing else is
    to be indexed by then."""
    with looking(stack) as connection:
        stack.job("index-changes")
        wait(lambda: not any(connection.scalar(one) for one in (IS_WAITING, IS_COMING)))
        began = time.perf_counter()
        name = stack.job("reindex")["name"]
        wait(lambda: connection.scalar(LIVE, {"name": name}) is not None)
        seconds = time.perf_counter() - began
        return Speed(connection.scalar(LIVE, {"name": name}) or 0, seconds)


def outbox(stack: LocalStack, changed: int = CHANGED) -> Speed:
    """From the commit of many changes until none waits."""
    with looking(stack) as connection:
        connection.execute(CHANGE, {"n": changed})
        documents = connection.scalar(WAITING) or 0
        began = time.perf_counter()
        stack.job("index-changes")
        wait(lambda: not connection.scalar(IS_WAITING))
        return Speed(documents, time.perf_counter() - began)


@contextmanager
def looking(stack: LocalStack) -> Iterator[Connection]:
    engine = create_engine(stack.database_url.split("?")[0], isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def wait(happened: Callable[[], bool]) -> None:
    deadline = time.perf_counter() + PATIENCE_SECONDS
    while not happened():
        if time.perf_counter() > deadline:
            raise TimeoutError("the index does not keep up")
        time.sleep(LOOK_SECONDS)
