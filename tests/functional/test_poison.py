"""Values that the driver or the database cannot take: an error for one, and no harm to others."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from djamms.db import session as sessions
from djamms.db.session import create_database_engine
from djamms.music.criteria import TrackFilter
from djamms.music.cursor import mark
from tests.support.api import Client

ID = UUID(int=1).hex


def cursor(*parts: object) -> str:
    return urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


ALL = mark(TrackFilter())
ARTISTS, ALBUMS = mark(("name", None)), mark(("name", None, None))

POISONS = (
    f"/api/music/artists?cursor={cursor(ARTISTS, 1, chr(0xD800))}",
    f"/api/music/albums?cursor={cursor(ALBUMS, 1, chr(0xD800), 'x')}",
    f"/api/music/artists?sort=count&cursor={cursor(mark(('count', None)), 2**70, 'x')}",
    f"/api/music/tracks?sort=title&cursor={cursor('title', False, chr(0xD800), ID, ALL)}",
    f"/api/music/tracks?cursor={cursor('added', True, '0001-01-01T00:00:00+23:59', ID, ALL)}",
    f"/api/music/tracks?sort=year&cursor={cursor('year', False, float('inf'), ID, ALL)}",
    f"/api/music/tracks?sort=year&cursor={cursor('year', False, 10**30, ID, ALL)}",
    f"/api/music/tracks?sort=plays&cursor={cursor('plays', True, 2**70, ID, ALL)}",
    "/api/music/tracks?artist=%00",
)


@pytest.fixture
def real_connection(database: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """One pooled connection, as a function has, and no test transaction around it."""
    url = database.url.render_as_string(hide_password=False)
    engine = create_database_engine(url, pool_size=1, max_overflow=0)
    monkeypatch.setattr(sessions, "session_factory", lambda: sessionmaker(engine))
    yield engine
    engine.dispose()


@pytest.mark.usefixtures("real_connection")
@pytest.mark.parametrize("path", POISONS, ids=range(len(POISONS)))
def test_one_bad_value_harms_nobody_else(path: str) -> None:
    client = Client()
    healthy = client.get("/api/playlists").text

    assert client.get(path).status in {400, 422}

    assert [client.get("/api/playlists").text for _ in range(3)] == [healthy] * 3


def test_a_connection_left_half_read_is_thrown_away(real_connection: Engine) -> None:
    with Session(real_connection) as session:
        before = session.scalar(text("SELECT pg_backend_pid()"))
    path = POISONS[0]

    Client().get(path)

    with Session(real_connection) as session:
        assert session.scalar(text("SELECT pg_backend_pid()")) != before
