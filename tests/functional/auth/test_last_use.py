"""When a session was used last: noted by requests that read, on committed rows."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session, sessionmaker

from djamms import clock
from djamms.models.user import Session as SignIn
from djamms.models.user import User
from djamms.security.repository import USE_NOTED_EVERY
from tests.support.api import Client
from tests.support.factories import make_user, sign_in

LONG_AGO = timedelta(hours=2)


@pytest.fixture
def client(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Client:
    factory = sessionmaker(engine, expire_on_commit=False)
    monkeypatch.setattr("djamms.db.session.session_factory", lambda: factory)
    with Session(engine) as session, session.begin():
        session.execute(delete(User))
        return Client().as_(sign_in(session, make_user(session)))


def used(engine: Engine, *, ago: timedelta) -> datetime:
    moment = clock.now() - ago
    with Session(engine) as session, session.begin():
        session.execute(update(SignIn).values(last_used_at=moment, refreshed_at=moment - LONG_AGO))
    return moment


def last_use(engine: Engine) -> datetime:
    with Session(engine) as session:
        return session.scalars(select(SignIn.last_used_at)).one()


def test_is_noted_when_some_time_has_passed(engine: Engine, client: Client) -> None:
    before = used(engine, ago=USE_NOTED_EVERY * 2)

    client.get("/api/auth/user")

    assert last_use(engine) > before + USE_NOTED_EVERY


def test_is_not_noted_each_time(engine: Engine, client: Client) -> None:
    before = used(engine, ago=USE_NOTED_EVERY / 2)

    client.get("/api/auth/user")

    assert last_use(engine) == before


def test_waits_for_nobody_who_holds_the_session(engine: Engine, client: Client) -> None:
    before = used(engine, ago=USE_NOTED_EVERY * 2)

    with Session(engine) as session, session.begin():
        held: UUID = session.scalars(select(SignIn.id).with_for_update()).one()
        reply = client.get("/api/auth/sessions")

    assert [one["id"] for one in reply.json()] == [str(held)]
    assert last_use(engine) == before
