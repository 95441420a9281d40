from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from djamms.db.migrate import upgrade
from djamms.db.session import create_database_engine
from local.services.postgres import scratch_server


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """Of its own: what is committed here is written to a log that nobody can empty."""
    with scratch_server({"fsync": "off"}) as server:
        engine = create_database_engine(server.url)
        upgrade(engine)
        yield engine
        engine.dispose()
