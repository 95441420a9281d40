"""A library is upgraded while people read it: no reader waits for longer than one part takes."""

import time
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from djamms.db.migrate import upgrade
from djamms.db.session import create_database_engine
from local.services.postgres import scratch_server
from tests.functional.indexing.threads import in_thread

TRACKS, PART = 10_000, 1000
FIRST = "0017"
# One part takes some tenths of it; all of them together take many times as long.
LONGEST_WAIT_SECONDS = 2.0
ADD = text(
    "INSERT INTO tracks (id, title, artist, artists, album, genre, genres, duration, file_path,"
    " content_type, bpm, musical_key, metadata) SELECT gen_random_uuid(), 'Song ' || n,"
    " 'Band ' || mod(n, 2000), ARRAY['Band ' || mod(n, 2000)], 'Disc ' || mod(n, 4000), 'Pop',"
    " ARRAY['Pop', 'Rock'], 200, 'a', 'audio/mpeg', 120, 'Am',"
    " CAST(:metadata AS jsonb) FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS n"
)
METADATA = '{"tags": {"MOOD": ["Calm; Late"]}}'
READ = (
    text("SELECT count(*) FROM (SELECT FROM tracks WHERE is_active LIMIT 20) AS few"),
    text("SELECT count(*) FROM (SELECT FROM search_documents LIMIT 20) AS few"),
    text("SELECT count(*) FROM (SELECT FROM artist_counts LIMIT 20) AS few"),
)
UNFILLED = text(
    "SELECT (SELECT count(*) FROM tracks WHERE tags = '{}')"
    " + (SELECT count(*) FROM search_documents WHERE bpm IS NULL)"
)
NAMES = text("SELECT count(*) FROM search_names")


@pytest.fixture
def library() -> Iterator[Engine]:
    with scratch_server({"fsync": "off"}) as server:
        engine = create_database_engine(server.url)
        upgrade(engine, FIRST)
        for first in range(1, TRACKS, PART):
            rows = {"first": first, "last": first + PART - 1, "metadata": METADATA}
            with engine.begin() as connection:
                connection.execute(ADD, rows)
        yield engine
        engine.dispose()


def test_no_reader_waits_for_longer_than_one_part(library: Engine) -> None:
    waits: list[float] = []
    ended: list[float] = []

    def migrate() -> None:
        began = time.monotonic()
        try:
            upgrade(library)
        finally:
            ended.append(time.monotonic() - began)

    with in_thread(migrate), library.connect() as connection:
        while not ended:
            for statement in READ:
                began = time.monotonic()
                connection.execute(statement)
                connection.commit()
                waits.append(time.monotonic() - began)

    assert max(waits) < LONGEST_WAIT_SECONDS, (max(waits), ended)
    assert max(waits) < ended[0] / 4, "or else it waited for most of it"
    with library.connect() as connection:
        assert connection.scalar(UNFILLED) == 0
        assert connection.scalar(NAMES) == 6000
