"""What is done after a reading, on the one connection that a worker has."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import sessionmaker

from djamms.db.session import after_commit, create_database_engine, reading, transaction


@pytest.fixture
def alone(database: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A pool of one, whose second borrower would wait in vain."""
    url = database.url.render_as_string(hide_password=False)
    engine = create_database_engine(url, pool_size=1, max_overflow=0, pool_timeout=0.2)
    monkeypatch.setattr("djamms.db.session.session_factory", lambda: sessionmaker(engine))
    yield
    engine.dispose()


def write(done: list[int]) -> None:
    with transaction() as session:
        done.append(session.scalar(text("SELECT 41 + CAST(:one AS integer)"), {"one": 1}))


@pytest.mark.usefixtures("alone")
def test_it_has_the_connection_to_itself() -> None:
    done: list[int] = []

    with reading() as session:
        session.execute(text("SELECT 1"))
        after_commit(session, lambda: write(done))
        assert done == []

    assert done == [42]


@pytest.mark.usefixtures("alone")
def test_nothing_follows_a_reading_that_fails() -> None:
    done: list[int] = []

    with pytest.raises(LookupError):
        fail(done)

    assert done == []


def fail(done: list[int]) -> None:
    with reading() as session:
        after_commit(session, lambda: write(done))
        raise LookupError
