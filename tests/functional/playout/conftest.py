"""A database of its own, as ticks commit."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import sessionmaker

from djamms import clock
from tests.functional.playout.world import Bus, World


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
def world(committing: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Noon on a Monday; nothing is planned, and the default playlist is `House`."""
    factory = sessionmaker(committing, expire_on_commit=False)
    monkeypatch.setattr("djamms.db.session.session_factory", lambda: factory)
    with committing.begin() as connection:
        connection.execute(
            text(
                "TRUNCATE playlists, schedule_entries, schedule_overrides, playout_events,"
                " playout_zones, system_settings CASCADE"
            )
        )
    world = World(Bus())
    monkeypatch.setattr("djamms.scheduler.publishing.events_client", lambda: world.bus)
    clock.set_clock(lambda: world.now)
    world.add_playlist("House", is_default=True)
    yield world
    clock.set_clock(None)
