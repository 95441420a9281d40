"""Whoever changes the plan wakes playout once that can be seen."""

import socket
from datetime import timedelta
from time import monotonic
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from djamms.config import config
from djamms.scheduler.waking import wake_after_commit, wake_playout
from djamms.storage.client import waking_client
from tests.functional.playout.world import NOON, World

URL = "https://sqs.example/1/wakes"


class Queue:
    """Of what it was sent it keeps how many overrides could be seen then."""

    def __init__(self, world: World, *, is_down: bool = False) -> None:
        self._world, self._is_down = world, is_down
        self.seen: list[int] = []
        self.delays: list[int] = []

    def send_message(self, **words: Any) -> None:
        assert (words["QueueUrl"], words["MessageBody"]) == (URL, "{}")
        if self._is_down:
            raise EndpointConnectionError(endpoint_url=URL)
        self.seen.append(self._world.count("schedule_overrides"))
        self.delays.append(words["DelaySeconds"])


@pytest.fixture
def queue(world: World, monkeypatch: pytest.MonkeyPatch) -> Queue:
    queue = Queue(world)
    monkeypatch.setitem(config.__dict__, "playout_queue_url", URL)
    monkeypatch.setattr("djamms.scheduler.waking.waking_client", lambda: queue)
    return queue


def test_it_is_woken_when_the_change_can_be_seen(world: World, queue: Queue) -> None:
    def change(database: Any) -> None:
        wake_after_commit(database)
        world.stop_in(database, NOON)

    world.run(change)

    assert (queue.seen, queue.delays) == ([1], [0])


def test_a_change_that_fails_wakes_nobody(world: World, queue: Queue) -> None:
    def change(database: Any) -> None:
        wake_after_commit(database)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        world.run(change)

    assert queue.seen == []


def test_what_was_written_stands_although_the_queue_is_down(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken = Queue(world, is_down=True)
    monkeypatch.setitem(config.__dict__, "playout_queue_url", URL)
    monkeypatch.setattr("djamms.scheduler.waking.waking_client", lambda: broken)

    def change(database: Any) -> None:
        wake_after_commit(database)
        world.stop_in(database, NOON)

    world.run(change)

    assert world.count("schedule_overrides") == 1
    assert "playout_not_woken" in caplog.messages


def test_who_changes_the_plan_waits_for_no_queue_that_hangs(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "any")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setitem(config.__dict__, "playout_queue_url", URL)
    # It takes a connection, and never answers.
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", f"http://127.0.0.1:{silent.getsockname()[1]}")
        waking_client.cache_clear()
        began = monotonic()
        wake_playout()
        took = monotonic() - began
    waking_client.cache_clear()

    assert "playout_not_woken" in caplog.messages
    assert took < 6


def test_without_a_queue_nothing_is_sent(
    world: World, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(config.__dict__, "playout_queue_url", "")
    world.run(wake_after_commit)

    assert queue.seen == []


def test_a_tick_has_itself_woken_for_what_ends_before_the_next(world: World, queue: Queue) -> None:
    world.add_entry(world.add_playlist("Jazz"))
    world.add_override(NOON, NOON + timedelta(minutes=10, seconds=27), is_stop=True)
    for minutes in (8, 9, 10, 11):
        world.tick(NOON + timedelta(minutes=minutes, seconds=0.5))

    assert queue.delays == [27]


def test_a_tick_has_itself_woken_for_the_next_minute(world: World, queue: Queue) -> None:
    world.add_entry(world.add_playlist("Jazz"))
    world.tick(NOON - timedelta(seconds=59.5))

    assert queue.delays == [60]
