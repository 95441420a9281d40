"""A new index beside the live one: nothing is missing and nothing stale when it takes over."""

import random
from collections.abc import Callable
from contextlib import suppress
from threading import Event
from typing import Any

import pytest
from opensearchpy import ConnectionError as NotReached
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from djamms.config import config
from djamms.db.session import transaction
from djamms.models.indexing import IndexState
from djamms.search.indexing import indexes_repository, service, store
from djamms.search.indexing.building import build_on
from djamms.search.indexing.rebuilding import rebuild
from djamms.search.opensearch import index
from djamms.search.opensearch.client import client
from tests.contract.local.stage import eventually
from tests.functional.indexing.threads import in_thread
from tests.functional.indexing.world import World, new_track

# In the place of @ comes which two.
WRITES = (
    "UPDATE tracks SET title = title || '!' @",
    "UPDATE tracks SET is_active = NOT is_active @",
    "UPDATE tracks SET artist = 'Band ' || (random() * 9)::int @",
    "UPDATE tracks SET album = 'Disc ' || (random() * 9)::int @",
    "UPDATE tracks SET is_public = random() < 0.5 @",
    "DELETE FROM tracks @",
    "INSERT INTO playlists (name, is_public) SELECT 'List ' || random(), random() < 0.5",
    "UPDATE playlists SET name = name || '!', is_active = random() < 0.8 @",
    "DELETE FROM playlists @",
)
CHOSEN = "WHERE id IN (SELECT id FROM TABLE ORDER BY random() LIMIT 2)"


def fill(world: World, tracks: int) -> None:
    chosen = random.Random(7)
    world.run(
        lambda database: database.add_all(
            new_track(
                f"Ferry {number}",
                artist=f"Band {chosen.randrange(30)}",
                album=f"Disc {chosen.randrange(30)}",
                is_public=chosen.random() < 0.7,
            )
            for number in range(tracks)
        )
    )


def steps(world: World, number: int) -> None:
    for _ in range(number):
        build_on(transaction)


def write_until(ended: Event, seed: int, written: list[str]) -> None:
    chosen = random.Random(seed)
    while not ended.wait(0.005):
        statement = chosen.choice(WRITES)
        table = "tracks" if "tracks" in statement else "playlists"
        statement = statement.replace("@", CHOSEN.replace("TABLE", table))
        # Two of them may change the same tracks in different orders.
        with suppress(DBAPIError), transaction() as database:
            database.execute(text(statement))
            database.add(new_track(f"Late {chosen.random()}"))
            written.append(statement)


def test_nothing_is_missing_or_stale_after_a_reindex_under_writes(
    live: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two threads write and two index all the time, the index is built in small batches."""
    monkeypatch.setattr("djamms.search.indexing.building.BATCH", 20)
    monkeypatch.setattr("djamms.search.indexing.changes.BATCH", 100)
    fill(live, 600)
    live.index()
    old = live.indices()
    ended, written = Event(), list[str]()

    def index_until() -> None:
        while not ended.is_set():
            live.index()

    with (
        in_thread(lambda: write_until(ended, 1, written), until=ended.set),
        in_thread(lambda: write_until(ended, 2, written), until=ended.set),
        in_thread(index_until, until=ended.set),
    ):
        # Where the index is built before the writers have come far, it is built once more.
        while len(written) < 6:
            live.run(service.begin)
            while live.run(indexes_repository.coming):
                live.index()
    live.index()

    assert live.indices().isdisjoint(old)
    assert live.found() == live.expected()
    assert live.outbox() == []


def test_goes_on_where_it_was_killed(live: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("djamms.search.indexing.building.BATCH", 20)
    fill(live, 100)
    live.index()
    live.run(service.begin)
    steps(live, 3)
    halfway = live.run(service.progress)
    assert halfway is not None
    assert (halfway.state, halfway.documents) == (IndexState.BUILDING, 40)
    written: list[int] = []
    monkeypatch.setattr(store, "write", counting(written))

    with monkeypatch.context() as patched:
        patched.setattr(store, "write", die)
        with pytest.raises(KeyboardInterrupt):
            steps(live, 1)
    live.index()

    done = live.run(service.progress)
    assert done is not None
    assert (done.name, done.state) == (halfway.name, IndexState.LIVE)
    assert sum(written) == len(live.expected()) - 40
    assert live.found() == live.expected()


def test_becomes_one_segment_once_it_is_live(live: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("djamms.search.indexing.building.BATCH", 20)
    fill(live, 100)
    live.index()
    live.run(service.begin)
    steps(live, 1)
    coming = live.run(indexes_repository.coming)
    assert coming is not None
    name = coming.name
    for _ in range(3):
        steps(live, 1)
        live.node.call("POST", f"/{name}/_refresh")
    assert segments(live, name) == 3

    live.index()

    assert eventually(lambda: segments(live, name) == 1)


def segments(world: World, name: str) -> int:
    """That searches go through."""
    [shard] = world.node.call("GET", f"/{name}/_segments")["indices"][name]["shards"]["0"]
    found: int = shard["num_search_segments"]
    return found


def die(name: str, lines: str, **words: Any) -> int:
    raise KeyboardInterrupt


def counting(written: list[int]) -> Callable[..., int]:
    write = store.write

    def count(name: str, lines: str, **words: Any) -> int:
        written.append(lines.count('{"index":'))
        return write(name, lines, **words)

    return count


def test_searches_see_the_old_index_until_the_new_one_is_whole(
    live: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("djamms.search.indexing.building.BATCH", 20)
    fill(live, 50)
    live.index()
    before = live.found()

    live.run(service.begin)
    steps(live, 3)

    assert live.found() == before


def test_a_change_during_a_reindex_is_found_at_once(live: World) -> None:
    live.run(service.begin)
    steps(live, 1)
    live.add_track("Fresh")

    live.index()

    assert "Fresh" in {found["title"] for found in live.found().values()}


def test_the_second_who_asks_gets_the_first_one_s(live: World) -> None:
    first, is_first_new = live.run(service.begin)
    second, is_second_new = live.run(service.begin)

    assert first.name == second.name
    assert (is_first_new, is_second_new) == (True, False)


def test_a_cancelled_one_leaves_the_live_one(live: World) -> None:
    before = live.indices()
    live.run(service.begin)
    steps(live, 1)
    assert live.run(service.cancel)
    live.add_track()
    live.index()
    assert live.found() == live.expected()

    live.run(service.begin)
    live.index()

    assert len(live.indices()) == 1
    assert live.indices().isdisjoint(before)
    assert not live.run(service.cancel)


def test_an_index_with_another_mapping_is_replaced(
    live: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.add_track()
    live.index()
    before = live.indices()
    live.run(service.keep_current)
    assert live.run(indexes_repository.coming) is None

    definition = index.definition()
    definition["mappings"]["properties"]["title"] = {"type": "keyword"}
    monkeypatch.setattr(index, "definition", lambda: definition)
    live.run(service.keep_current)
    live.index()

    assert live.indices().isdisjoint(before)
    assert live.found() == live.expected()


def test_the_first_index_is_made_by_itself(world: World, wakes: list[str]) -> None:
    world.add_track()

    assert world.run(service.sweep) == {"woken": True}
    world.index()

    assert wakes
    assert world.found() == world.expected()


def test_an_index_that_was_deleted_is_made_again(live: World) -> None:
    (gone,) = live.indices()
    live.node.call("DELETE", f"/{gone}")
    live.add_track()
    live.index()
    assert live.node.call("GET", f"/{live.alias}-*") == {}

    live.run(service.sweep)
    live.index()

    assert live.found() == live.expected()
    assert len(live.found()) == 3


def test_what_changed_while_opensearch_was_down_is_indexed_when_it_is_back(
    live: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as down:
        down.setitem(config.__dict__, "search_url", "http://127.0.0.1:1")
        client.cache_clear()
        for number in range(3):
            live.add_track(f"Missed {number}")
            with pytest.raises(NotReached):
                live.index()
    client.cache_clear()

    live.index()

    assert {f"Missed {number}" for number in range(3)} <= {
        found["title"] for found in live.found().values()
    }
    assert live.found() == live.expected()


def test_without_opensearch_nothing_is_kept_for_it(
    live: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.add_track()
    monkeypatch.setitem(config.__dict__, "index_queue_url", "")

    live.run(service.keep_current)
    live.add_track()

    assert live.outbox() == []
    assert live.run(indexes_repository.all_indexes) == []


def test_an_operator_sees_how_far_it_is(live: World) -> None:
    fill(live, 10)
    live.index()
    live.run(lambda database: rebuild(database, "begin"))

    wanted = live.run(lambda database: rebuild(database, "look"))
    steps(live, 2)
    building = live.run(lambda database: rebuild(database, "look"))

    assert (wanted["state"], wanted["documents"]) == ("wanted", 0)
    assert (building["state"], building["documents"]) == ("building", 10)
    assert building["expected"] == len(live.expected())


def test_work_ends_in_time(live: World, wakes: list[str]) -> None:
    live.add_track()
    wakes.clear()

    assert not service.work_or_wake(transaction, has_time=lambda: False)

    assert wakes == ["woken"]
    assert live.outbox()
