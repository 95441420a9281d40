"""What is done after a reading, on the one connection that a worker has."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import sessionmaker

from djamms.db.session import after_commit, at_once, create_database_engine, reading, transaction
from tests.support.api import Client


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


LOUD = text("SELECT current_setting('synchronous_commit')")
QUIET = text("""
WITH off AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true) AS word)
INSERT INTO search_days SELECT DATE '1999-01-01', 1, 1, 1, 1, 1, 1, now() FROM off
RETURNING (SELECT word FROM off)""")


@pytest.mark.usefixtures("alone")
def test_one_statement_is_a_transaction_by_itself() -> None:
    with at_once() as session:
        assert session.scalar(QUIET) == "off"

    with transaction() as session:
        gone = text("DELETE FROM search_days WHERE day = '1999-01-01' RETURNING day")
        assert len(session.execute(gone).all()) == 1
        assert session.scalar(LOUD) == "on", "the setting ended with its statement"
        session.rollback()
    with transaction() as session:
        assert len(session.execute(gone).all()) == 1, "what follows is a transaction again"


@pytest.mark.usefixtures("alone")
def test_one_statement_that_fails_leaves_the_connection_as_it_was() -> None:
    with pytest.raises(DBAPIError), at_once() as session:
        session.scalar(text("SELECT 1 / 0"))

    with transaction() as session:
        assert session.scalar(text("SELECT 1")) == 1


@pytest.mark.usefixtures("alone")
def test_a_search_is_recorded_on_the_connection_that_found_it() -> None:
    kept = text("DELETE FROM searches WHERE query = 'alone at last' RETURNING id")

    found = Client().get("/api/music/search?q=alone+at+last").json()

    with transaction() as session:
        assert [str(row.id) for row in session.execute(kept)] == [found["searchId"]]
