"""Statements that stay prepared."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from djamms.db.prepared import fetch_value

PREPARED = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%AS twice'")


def test_prepares_once_for_a_connection(session: Session) -> None:
    statement = "SELECT json_build_object('n', CAST(:n AS integer) * 2) AS twice"

    assert [fetch_value(session, statement, {"n": n}) for n in (1, 2)] == [{"n": 2}, {"n": 4}]
    assert session.scalar(PREPARED) == 1


def test_sees_what_the_session_wrote(session: Session) -> None:
    session.execute(text("CREATE TEMP TABLE written AS SELECT 7 AS n"))

    assert fetch_value(session, "SELECT n FROM written WHERE n > :least", {"least": 3}) == 7
    assert fetch_value(session, "SELECT n FROM written WHERE n > :least", {"least": 8}) is None


def test_raises_what_the_session_raises(session: Session) -> None:
    with pytest.raises(DBAPIError) as caught:
        fetch_value(session, "SELECT 1 / CAST(:n AS integer)", {"n": 0})

    assert "division by zero" in str(caught.value.orig)
    assert "hidden" in str(caught.value)
