"""A database of its own, as transactions commit here; an alias of its own on the shared node."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import sessionmaker

from djamms.config import config
from djamms.search.indexing import service
from djamms.search.indexing.checking import checks
from djamms.search.opensearch import index
from djamms.search.opensearch.client import client
from tests.functional.indexing.world import World
from tests.support.opensearch import SearchNode


@pytest.fixture(scope="module")
def committing() -> Iterator[Engine]:
    from djamms.db.migrate import upgrade
    from djamms.db.session import create_database_engine
    from local.services.postgres import scratch_server

    with scratch_server({"fsync": "off"}) as server:
        engine = create_database_engine(server.url, pool_size=10)
        upgrade(engine)
        yield engine
        engine.dispose()


@pytest.fixture
def wakes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for each time that the indexer was woken."""
    woken: list[str] = []
    for module in ("djamms.db.session", "djamms.search.indexing.service"):
        monkeypatch.setattr(f"{module}.wake_indexer", lambda: woken.append("woken"))
    return woken


@pytest.fixture
def world(
    committing: Engine,
    search_node: SearchNode,
    wakes: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[World]:
    """Nothing in either, and no index."""
    monkeypatch.setattr(index, "ALIAS", f"{search_node.prefix}idx")
    monkeypatch.setitem(config.__dict__, "search_url", search_node.url)
    monkeypatch.setitem(config.__dict__, "index_queue_url", "https://queue.example")
    factory = sessionmaker(committing, expire_on_commit=False)
    monkeypatch.setattr("djamms.db.session.session_factory", lambda: factory)
    client.cache_clear()
    checks.cache_clear()
    with committing.begin() as connection:
        connection.execute(
            text(
                "TRUNCATE tracks, playlists, users, track_counts, genre_counts, artist_counts,"
                " album_counts, search_documents, search_words CASCADE"
            )
        )
        connection.execute(text("TRUNCATE search_outbox, search_indexes"))
    yield World(search_node, index.ALIAS)
    search_node.clear()
    client.cache_clear()


@pytest.fixture
def live(world: World) -> World:
    """With a live index."""
    world.run(service.begin)
    world.index()
    return world
