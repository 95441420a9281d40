"""Whoever comes late, OpenSearch ends with what PostgreSQL has last."""

from threading import Event
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from djamms.db.session import transaction
from djamms.models.indexing import IndexState
from djamms.search.indexing import (
    changes,
    indexes_repository,
    outbox_repository,
    service,
    store,
)
from djamms.search.indexing.building import build_on
from djamms.search.opensearch.client import client
from tests.functional.indexing.threads import in_thread
from tests.functional.indexing.world import World


def lines_now(world: World) -> str:
    """What a batch would write now: with its version, not yet written."""

    def read(database: Session) -> str:
        version = outbox_repository.lock(database)
        return changes._lines(database, outbox_repository.changes(database, 100), version)

    return world.run(read)


def index_name(world: World) -> str:
    (name,) = world.run(indexes_repository.told)
    return name


def test_a_late_worker_does_not_overwrite_what_is_newer(live: World) -> None:
    track_id = live.add_track("Old")
    late = lines_now(live)
    live.sql("UPDATE tracks SET title = 'New'")
    live.index()

    refused = store.write(index_name(live), late)

    assert refused == 0
    assert live.found()[f"track:{track_id}"]["title"] == "New"


def test_a_late_worker_does_not_bring_back_what_was_deleted(live: World) -> None:
    live.add_track("Old")
    late = lines_now(live)
    live.sql("DELETE FROM tracks")
    live.index()

    store.write(index_name(live), late)

    assert live.found() == {}


def test_a_late_delete_does_not_remove_what_was_restored(live: World) -> None:
    live.add_track("Back")
    live.index()
    live.sql("UPDATE tracks SET is_active = false")
    late = lines_now(live)
    live.sql("UPDATE tracks SET is_active = true")
    live.index()

    store.write(index_name(live), late)

    assert len(live.found()) == 3


def test_a_worker_that_lost_its_lock_writes_an_older_version(
    live: World, committing: Engine
) -> None:
    """Its connection ends while it waits for OpenSearch; another comes and is through first."""
    track_id = live.add_track("Old")
    with committing.connect() as lost:
        database = Session(lost)
        version = outbox_repository.lock(database)
        late = changes._lines(database, outbox_repository.changes(database, 100), version)
        pid = lost.execute(text("SELECT pg_backend_pid()")).scalar()
        live.sql("SELECT pg_terminate_backend(:pid)", pid=pid)
        live.sql("UPDATE tracks SET title = 'New'")
        live.index()
        store.write(index_name(live), late)
        lost.invalidate()

    assert live.found()[f"track:{track_id}"]["title"] == "New"
    assert live.found() == live.expected()


def test_a_second_worker_waits_for_the_first_and_tells_what_came_meanwhile(
    live: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The change is committed after the first has read, while it waits for OpenSearch."""
    track_id = live.add_track("Old")
    write, is_writing, may_write = store.write, Event(), Event()

    def slow(name: str, lines: str, **words: Any) -> int:
        is_writing.set()
        assert may_write.wait(20)
        return write(name, lines, **words)

    monkeypatch.setattr(store, "write", slow)
    with in_thread(lambda: changes.tell_changes(transaction)):
        assert is_writing.wait(20)
        live.sql("UPDATE tracks SET title = 'New'")
        with in_thread(lambda: changes.tell_changes(transaction)):
            may_write.set()

    assert live.found()[f"track:{track_id}"]["title"] == "New"
    assert live.outbox() == []


def test_a_batch_that_fails_stays_in_the_outbox(
    live: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.add_track()
    before = live.outbox()

    def fail(*_: object, **__: object) -> Any:
        item = {"_id": "x", "status": 429, "error": {"type": "rejected", "reason": "full"}}
        return {"errors": True, "items": [{"index": item}]}

    with monkeypatch.context() as patched:
        patched.setattr(type(client()), "bulk", fail)
        with pytest.raises(store.Busy):
            live.index()

    assert live.outbox() == before
    live.index()
    assert live.found() == live.expected()


def test_an_index_is_not_read_before_every_writer_knows_of_it(
    world: World, committing: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A transaction that found no index, and so told nobody, has not committed yet."""
    monkeypatch.setattr(indexes_repository, "LOCK_TIMEOUT", "100ms")
    track_id = world.add_track("Old")
    with committing.connect() as writer:
        writer.execute(text("UPDATE tracks SET title = 'New'"))
        world.run(service.begin)
        world.run(lambda database: service.cancel(database))
        writer.execute(text("UPDATE tracks SET year = 1999"))
        world.run(service.begin)
        with pytest.raises(DBAPIError):
            world.index()
        assert {one.state for one in world.run(indexes_repository.all_indexes)} == {
            IndexState.WANTED
        }
        writer.commit()

    world.index()

    assert world.found()[f"track:{track_id}"]["title"] == "New"
    assert world.found() == world.expected()


def test_two_builders_do_not_build_the_same_batch(live: World, committing: Engine) -> None:
    live.run(service.begin)
    with committing.connect() as other:
        assert outbox_repository.is_builder(Session(other))

        assert not build_on(transaction)

    assert live.index()
