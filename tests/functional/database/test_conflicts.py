"""Transactions that were in each other's way: the same request may succeed soon."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from djamms.db.session import create_database_engine
from djamms.db.sqlstate import sqlstate
from djamms.music import service
from tests.support.api import Client


@pytest.mark.parametrize("state", ["40001", "40P01"])
def test_a_deadlock_is_answered_with_try_again(
    session: Session, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    def fail(database: Session, **_: object) -> None:
        raised = f"DO $$ BEGIN RAISE EXCEPTION 'in the way' USING ERRCODE = '{state}'; END $$"
        database.execute(text(raised))

    monkeypatch.setattr(service, "list_tracks", fail)
    reply = Client().get("/api/music/tracks")

    assert (reply.status, reply.headers["retry-after"]) == (503, "5")
    assert reply.json()["error"] == "unavailable"


def test_the_server_gives_a_statement_up_before_the_driver_does(database: Engine) -> None:
    url = database.url.render_as_string(hide_password=False)
    hasty = create_database_engine(url, patience_seconds=1)
    with hasty.connect() as connection, pytest.raises(DBAPIError) as caught:
        connection.execute(text("SELECT pg_sleep(30)"))

    assert sqlstate(caught.value) == "57014"
    hasty.dispose()


@pytest.mark.parametrize("slow", ["57014", "driver"])
def test_what_takes_too_long_is_answered_with_try_again(
    session: Session, monkeypatch: pytest.MonkeyPatch, slow: str
) -> None:
    def fail(database: Session, **_: object) -> None:
        if slow == "driver":
            raise TimeoutError("timed out")
        raised = f"DO $$ BEGIN RAISE EXCEPTION 'slow' USING ERRCODE = '{slow}'; END $$"
        database.execute(text(raised))

    monkeypatch.setattr(service, "list_tracks", fail)
    reply = Client().get("/api/music/tracks")

    assert (reply.status, reply.headers["retry-after"]) == (503, "5")
