"""Statements that stay prepared."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from djamms.db import prepared

PREPARED = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE :pattern")


def count(session: Session, pattern: str) -> int:
    return int(session.execute(PREPARED, {"pattern": pattern}).scalar_one())


@contextmanager
def alone(database: Engine) -> Iterator[Connection]:
    """A connection that nobody gets after this: what is done to it is not for others."""
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        try:
            yield connection
        finally:
            connection.invalidate()


def test_prepares_once_for_a_connection(session: Session) -> None:
    statement = text("SELECT json_build_object('n', CAST(:n AS integer) * 2) AS twice")

    assert [session.scalar(statement, {"n": n}) for n in (1, 2)] == [{"n": 2}, {"n": 4}]
    assert count(session, "%AS twice") == 1


def test_survives_a_rollback_in_between(session: Session) -> None:
    statement = text("SELECT CAST(:n AS integer) AS again")
    assert session.scalar(statement, {"n": 1}) == 1

    session.rollback()

    assert session.scalar(statement, {"n": 2}) == 2


def test_keeps_the_most_recently_used(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "MOST_STATEMENTS", 5)

    for number in range(20):
        session.scalar(text(f"SELECT CAST(:n AS integer) + {number} AS one_of_many"), {"n": 1})

    assert 0 < count(session, "%AS one_of_many") <= 5


def test_changed_rows_are_counted(session: Session) -> None:
    session.execute(text("CREATE TEMP TABLE written AS SELECT 7 AS n"))

    statement = text("UPDATE written SET n = :n WHERE n < :most")
    changed = session.execute(statement, {"n": 1, "most": 9})

    assert changed.rowcount == 1  # type: ignore[attr-defined]


def test_an_error_leaves_the_connection_usable(session: Session) -> None:
    statement = text("SELECT 1 / CAST(:n AS integer)")
    with pytest.raises(DBAPIError) as caught:
        session.execute(statement, {"n": 0})
    session.rollback()

    assert "division by zero" in str(caught.value.orig)
    assert "hidden" in str(caught.value)
    assert session.scalar(statement, {"n": 1}) == 1


def test_a_statement_that_a_migration_changed_is_prepared_anew(database: Engine) -> None:
    statement = text("SELECT * FROM changing WHERE n >= :least")
    with alone(database) as connection:
        connection.execute(text("CREATE TEMP TABLE changing AS SELECT 7 AS n"))
        assert connection.scalar(statement, {"least": 1}) == 7

        connection.execute(text("ALTER TABLE changing ALTER n TYPE text"))
        connection.execute(text("ALTER TABLE changing ALTER n TYPE bigint USING n::bigint"))

        assert connection.scalar(statement, {"least": 1}) == 7


def test_a_statement_that_was_dropped_is_prepared_anew(database: Engine) -> None:
    statement = text("SELECT CAST(:n AS integer) AS dropped")
    with alone(database) as connection:
        assert connection.scalar(statement, {"n": 1}) == 1

        connection.exec_driver_sql("DEALLOCATE ALL")

        assert connection.scalar(statement, {"n": 2}) == 2


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["plain", "of two words", "", "NULL", "null"],
        ['says "so"', "back\\slash", '\\"', "{a,b}", "a,b", " around ", "tab\there\n", "Ünïcode ☃"],
    ],
)
def test_sends_a_list_of_texts_as_it_is(session: Session, words: list[str]) -> None:
    sent = text("SELECT to_json(CAST(:words AS text[]))")

    assert session.scalar(sent, {"words": words}) == words


def test_sends_a_list_of_anything_else(session: Session) -> None:
    sent = text("SELECT to_json(CAST(:numbers AS integer[]))")

    assert session.scalar(sent, {"numbers": [1, None, 3]}) == [1, None, 3]
