"""Each operation of the API's description, called with its own examples, does what it says."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from djamms import clock
from djamms.api import examples
from djamms.config import config
from djamms.models.indexing import IndexState, SearchChange, SearchIndex
from djamms.models.playlist import Playlist
from djamms.models.track import Track
from djamms.models.user import Role, User
from djamms.playlists.examples import RULES
from infra import functions
from local import openapi
from tests.support.api import Client
from tests.support.description import JSON, Operation, examples_of, operations, problems
from tests.support.example_world import add_example_search, add_example_session, make_world
from tests.support.factories import make_user, sign_in
from tests.support.mail import use_queue
from tests.support.store import FakeStore

DOCUMENT = openapi.build()
# One entry for each time that the indexer was woken.
WOKEN: list[str] = []
SERVED = [operation for operation in operations(DOCUMENT) if operation.is_served]


@pytest.fixture
def world(session: Session, monkeypatch: pytest.MonkeyPatch) -> User:
    monkeypatch.setattr("djamms.storage.store.media_store", FakeStore)
    use_queue(monkeypatch)
    use_index(session, monkeypatch)
    return make_world(session)


def use_index(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """One is live, so that changes are noted."""
    monkeypatch.setitem(config.__dict__, "index_queue_url", "https://queue.example")
    for module in ("djamms.db.session", "djamms.search.indexing.service"):
        monkeypatch.setattr(f"{module}.wake_indexer", lambda: WOKEN.append("woken"))
    name = "djamms-20260314092653589793"
    session.add(SearchIndex(name=name, state=IndexState.LIVE, definition=""))
    session.flush()


def before(operation: Operation, session: Session, world: User) -> None:
    """What has to be so that this one can be done."""
    if operation.path == "/api/auth/register":
        world.username, world.email = "taken", "taken@example.com"
    if operation.path.endswith("/{track_id}/restore"):
        gone = {"is_active": False, "deleted_at": clock.now()}
        track_id = UUID(examples.TRACK_ID)
        session.execute(update(Track).where(Track.id == track_id).values(gone))
    if operation.path.endswith("/freeze"):
        playlist = session.get_one(Playlist, UUID(examples.PLAYLIST_ID))
        playlist.rules = RULES.stored()
    session.flush()


def calls() -> Iterator[Any]:
    """Each operation with each example of its body; in the path stand the examples' ids."""
    for operation in SERVED:
        ids = {one["name"]: one["example"] for one in operation.parameters if one["in"] == "path"}
        path = operation.path.format_map(ids)
        bodies = examples_of(operation.media[JSON]) if JSON in operation.media else [None]
        for number, body in enumerate(bodies, start=1):
            yield pytest.param(operation, path, body, id=f"{operation.name} {number}")


@pytest.mark.parametrize(("operation", "path", "body"), list(calls()))
def test_succeeds_with_its_examples(
    session: Session, world: User, operation: Operation, path: str, body: Any
) -> None:
    before(operation, session, world)
    boss = make_user(session, "boss", Role.ADMIN, password_hash=world.password_hash)
    add_example_session(session, boss)
    add_example_search(session, boss)
    client = Client().as_(sign_in(session, boss))

    reply = client.send(operation.method, path, body=body)

    assert reply.status == operation.success, reply.text
    answered = operation.body["responses"][str(operation.success)].get("content", {})
    assert bool(answered) == (operation.success not in {204, 302})
    if JSON in answered:
        assert problems(DOCUMENT, answered[JSON]["schema"], reply.json()) == []


# Ranks change with each play: the indexer hears of them once a minute.
OF_RANK = {"POST /api/music/tracks/{track_id}/play"}


@pytest.mark.parametrize(("operation", "path", "body"), list(calls()))
def test_wakes_the_indexer_for_what_it_leaves_to_be_told(
    session: Session, world: User, operation: Operation, path: str, body: Any
) -> None:
    before(operation, session, world)
    boss = make_user(session, "boss", Role.ADMIN, password_hash=world.password_hash)
    add_example_session(session, boss)
    add_example_search(session, boss)
    client = Client().as_(sign_in(session, boss))
    session.execute(delete(SearchChange))
    session.commit()
    WOKEN.clear()

    client.send(operation.method, path, body=body)

    is_left = session.scalar(select(SearchChange.id).limit(1)) is not None
    if is_left and operation.name not in OF_RANK:
        assert WOKEN
        assert function_of(operation).tells_indexer


def function_of(operation: Operation) -> functions.Function:
    """Which API Gateway calls: the longest route that fits."""
    fitting = {
        len(route): spec
        for spec in functions.API
        for route in spec.routes
        if operation.path == route
        or (route.endswith("/{proxy+}") and operation.path.startswith(route[: -len("{proxy+}")]))
    }
    return fitting[max(fitting)]


def test_tries_every_operation_that_is_served() -> None:
    tried = {call.values[0].name for call in calls()}

    assert tried == {operation.name for operation in SERVED}
    assert len(tried) >= 33
