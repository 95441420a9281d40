"""Transactions that were in each other's way: the same request may succeed soon."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

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
