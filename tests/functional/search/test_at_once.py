"""Several requests of one person at the same moment, each on a connection of its own."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from djamms import clock
from djamms.models.search_analytics import RecordedSearch
from djamms.search.analytics import clicks_repository
from djamms.search.analytics.record_repository import Record, record

AT_ONCE = 6


@pytest.fixture
def searcher(database: Engine) -> Iterator[UUID]:
    """Whose searches are really committed, and go with the test."""
    found = uuid4()
    yield found
    with Session(database) as session:
        session.execute(delete(RecordedSearch).where(RecordedSearch.searcher == found))
        session.commit()


def search(searcher: UUID, words: str = "night") -> Record:
    return Record(
        id=uuid4(),
        user_id=None,
        pseudonym=searcher,
        origin=searcher,
        phrase=words,
        words=words,
        filters={},
        total=1,
        page=1,
        elapsed_ms=1.0,
        engine="postgres",
        degraded=False,
        at=clock.now(),
    )


def together(database: Engine, act: Callable[[Session, int], object]) -> None:
    barrier = Barrier(AT_ONCE)

    def run(number: int) -> None:
        with Session(database) as session:
            session.connection()
            barrier.wait(timeout=10)
            act(session, number)
            session.commit()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(run, range(AT_ONCE)))


def kept(database: Engine, searcher: UUID) -> list[RecordedSearch]:
    with Session(database) as session:
        return list(
            session.scalars(select(RecordedSearch).where(RecordedSearch.searcher == searcher))
        )


def test_the_same_search_is_one(database: Engine, searcher: UUID) -> None:
    one = search(searcher)

    together(database, lambda session, number: record(session, replace(one, page=number + 1)))

    [found] = kept(database, searcher)
    assert (found.id, found.page) == (one.id, AT_ONCE)


def test_the_same_click_is_one(database: Engine, searcher: UUID) -> None:
    one = replace(search(searcher), total=AT_ONCE)
    with Session(database) as session:
        record(session, one)
        session.commit()

    def click(session: Session, number: int) -> None:
        assert clicks_repository.add_click(
            session,
            search_id=one.id,
            searchers=[searcher],
            since=one.at,
            kind="track",
            document="x",
            position=number + 1,
            now=one.at,
        )

    together(database, click)

    [found] = kept(database, searcher)
    assert found.clicks == 1
    assert found.click_position in range(1, AT_ONCE + 1)
