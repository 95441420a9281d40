"""Many people change the plan at once, each on a connection of their own."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from djamms.errors import Conflict
from djamms.models.playlist import Playlist
from djamms.models.schedule import ScheduleEntry
from djamms.models.user import Role
from djamms.scheduler import editing
from djamms.scheduler.entry_schemas import EntryWords
from djamms.security.principal import Principal
from tests.support.venue import make_public

PEOPLE = 8
BOSS = Principal(user_id=None, role=Role.ADMIN)
NIGHT: dict[str, Any] = {"title": "N", "day": "friday", "start_time": "22:00", "end_time": "06:00"}


@pytest.fixture
def playlist_id(database: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[UUID]:
    """Of one that is committed, so that other connections see it."""
    # From which nothing could be taken away again.
    monkeypatch.setattr("djamms.security.audit.record", lambda *_, **__: None)
    with Session(database) as session:
        playlist_id = make_public(session, "Together").id
        session.commit()
        yield playlist_id
        session.execute(delete(ScheduleEntry))
        session.execute(delete(Playlist).where(Playlist.id == playlist_id))
        session.commit()


def create(database: Engine, playlist_id: UUID, **words: Any) -> str:
    is_picky = words.pop("is_picky", False)
    entry = EntryWords(playlist_id=playlist_id, **{**NIGHT, **words})
    try:
        with Session(database) as session, session.begin():
            return editing.create_schedule(
                session, principal=BOSS, words=entry, is_picky=is_picky
            ).id
    except Conflict:
        return "refused"


def at_once(database: Engine, playlist_id: UUID, words: list[dict[str, Any]]) -> list[str]:
    with ThreadPoolExecutor(PEOPLE) as people:
        return list(people.map(lambda one: create(database, playlist_id, **one), words))


def count(database: Engine) -> int:
    with Session(database) as session:
        return session.scalar(select(func.count()).select_from(ScheduleEntry)) or 0


def test_one_entry_for_one_id(database: Engine, playlist_id: UUID) -> None:
    found = at_once(database, playlist_id, [{"id": "mine"}] * PEOPLE)

    assert len(set(found)) == count(database) == 1
    assert "refused" not in found


def test_of_those_that_want_no_conflict_one_is_saved(database: Engine, playlist_id: UUID) -> None:
    found = at_once(database, playlist_id, [{"is_picky": True}] * PEOPLE)

    assert (found.count("refused"), count(database)) == (PEOPLE - 1, 1)


def test_no_more_than_the_plan_holds(
    database: Engine, playlist_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editing, "MAX_ACTIVE", 3)

    found = at_once(database, playlist_id, [{}] * PEOPLE)

    assert (found.count("refused"), count(database)) == (PEOPLE - 3, 3)
