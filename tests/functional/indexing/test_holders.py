"""Whoever holds the lock is killed, stopped, or waits for an OpenSearch that does not answer."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from opensearchpy import TransportError
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from djamms.config import config
from djamms.db.session import transaction
from djamms.search.deadline import DeadlineExceeded
from djamms.search.indexing import (
    building,
    indexes_repository,
    outbox_repository,
    patience,
    service,
    store,
)
from djamms.search.opensearch.client import client
from tests.functional.indexing.threads import in_thread
from tests.functional.indexing.world import World

# Takes the lock, says so, and goes on when it is let.
HOLDER = """
import sys
from sqlalchemy.orm import Session
from djamms.db.session import create_database_engine
from djamms.search.indexing import outbox_repository
outbox_repository.TIMEOUTS["idle_in_transaction_session_timeout"] = "1s"
with create_database_engine(sys.argv[1]).connect() as connection:
    database = Session(connection)
    print(outbox_repository.lock(database), flush=True)
    sys.stdin.readline()
    outbox_repository.forget_all(database)
    database.commit()
"""


@contextmanager
def stopped_holder(engine: Engine) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A process that is stopped while it has the lock, as a function whose time is over."""
    url = engine.url.render_as_string(hide_password=False)
    pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    command = [sys.executable, "-c", HOLDER, url]
    with subprocess.Popen(command, text=True, env=dict(os.environ), **pipes) as process:
        try:
            assert process.stdout
            version = int(process.stdout.readline())
            process.send_signal(signal.SIGSTOP)
            yield process, version
        finally:
            process.send_signal(signal.SIGCONT)
            process.kill()


def test_a_holder_that_is_stopped_holds_up_nobody_for_long(live: World, committing: Engine) -> None:
    """And when it goes on, it removes nothing that it did not tell."""
    live.add_track()
    with stopped_holder(committing) as (process, version):
        live.index()
        live.sql("UPDATE tracks SET title = 'New'")
        left = live.outbox()
        process.send_signal(signal.SIGCONT)
        process.communicate("go on\n", timeout=30)

    assert process.returncode == 1
    assert live.outbox() == left != []
    live.index()
    assert live.found() == live.expected()
    assert live.run(outbox_repository.lock) > version


def test_the_lock_s_timeouts_end_with_the_transaction(live: World) -> None:
    shown = text("SHOW idle_in_transaction_session_timeout")
    before = live.run(lambda database: database.execute(shown).scalar())

    def inside(database: Any) -> Any:
        outbox_repository.lock(database)
        return database.execute(shown).scalar()

    assert live.run(inside) == "40s"
    assert live.run(lambda database: database.execute(shown).scalar()) == before
    assert patience.BATCH_SECONDS < 40


@contextmanager
def mute_server() -> Iterator[str]:
    """Takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def test_the_indexer_ends_before_its_time_is_over(
    live: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it could not tell stays, and nothing holds the lock any more."""
    monkeypatch.setitem(config.__dict__, "search_url", live.node.url)
    from functions.indexer import handler as indexer

    live.add_track()
    left = live.outbox()
    ends = time.monotonic() + 6.0
    monkeypatch.setattr(indexer, "RESERVE_MS", 0)
    context = SimpleNamespace(
        function_name="indexer",
        memory_limit_in_mb=512,
        invoked_function_arn="arn",
        aws_request_id="one",
        get_remaining_time_in_millis=lambda: (ends - time.monotonic()) * 1000,
    )
    with mute_server() as url, monkeypatch.context() as mute:
        mute.setitem(config.__dict__, "search_url", url)
        client.cache_clear()
        with pytest.raises((DeadlineExceeded, TransportError), match=r"no answer|TIMEOUT"):
            indexer.handler({"Records": []}, context)
        assert ends - time.monotonic() > 3
    client.cache_clear()

    assert live.outbox() == left
    assert live.index()


def test_who_cancels_does_not_wait_for_opensearch(
    live: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what was written meanwhile is no index that anybody asks."""
    live.add_track()
    live.index()
    before = live.indices()
    live.run(service.begin)
    building.build_on(transaction)
    write = store.write

    def cancelled(name: str, lines: str, **words: Any) -> int:
        with transaction() as database:
            database.execute(text("SET LOCAL lock_timeout = '1s'"))
            assert service.cancel(database)
        return write(name, lines, **words)

    with monkeypatch.context() as patched:
        patched.setattr(store, "write", cancelled)
        building.build_on(transaction)

    assert live.run(indexes_repository.coming) is None
    assert not building.build_on(transaction)
    assert live.run(indexes_repository.told) == [*before]
    live.run(service.begin)
    live.index()
    assert live.found() == live.expected()
    assert len(live.indices()) == 1


def test_one_that_was_cancelled_before_its_end_does_not_go_live(
    live: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = live.indices()
    live.run(service.begin)
    prepare = store.prepare_live

    def cancelled(name: str) -> None:
        prepare(name)
        live.run(service.cancel)

    with monkeypatch.context() as patched:
        patched.setattr(store, "prepare_live", cancelled)
        live.index()

    assert set(live.node.call("GET", f"/_alias/{live.alias}")) == before
    assert live.run(indexes_repository.told) == [*before]


def test_who_cancels_too_late_leaves_the_new_live_one(
    live: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The alias moves at that moment."""
    live.run(service.begin)
    go_live, cancels = store.go_live, list[bool]()

    def cancel_at_once(database: Any) -> None:
        database.execute(text("SET LOCAL lock_timeout = '100ms'"))
        service.cancel(database)

    def cancel() -> None:
        cancels.append(live.run(service.cancel))

    with monkeypatch.context() as patched:

        def waited_for(name: str) -> None:
            go_live(name)
            with pytest.raises(DBAPIError):
                live.run(cancel_at_once)
            beside.__enter__()

        beside = in_thread(cancel)
        patched.setattr(store, "go_live", waited_for)
        live.index()
        beside.__exit__(None, None, None)

    assert cancels == [False]
    assert live.run(indexes_repository.told) == [*live.indices()]
    assert set(live.node.call("GET", f"/_alias/{live.alias}")) == live.indices()
