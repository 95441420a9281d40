"""Upgrading a library that has tracks already."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from djamms.db.migrate import upgrade
from djamms.db.session import create_database_engine
from local.services.postgres import scratch_server

ADD = text(
    "INSERT INTO tracks (id, title, artist, album, genre, duration, file_path, content_type,"
    " is_public) VALUES (gen_random_uuid(), :title, 'Björk', 'Début', 'Pop', 200, 'a',"
    " 'audio/mpeg', :is_public)"
)


@pytest.fixture
def third() -> Iterator[Engine]:
    """A database at revision 0003 with two tracks, one of them public."""
    with scratch_server({"fsync": "off"}) as server:
        engine = create_database_engine(server.url)
        upgrade(engine, "0003")
        with engine.begin() as connection:
            connection.execute(
                ADD, {"title": "\N{FULLWIDTH LATIN CAPITAL LETTER F}ull", "is_public": True}
            )
            connection.execute(ADD, {"title": "Hidden", "is_public": False})
        yield engine
        engine.dispose()


def test_search_and_counts_are_made_anew(third: Engine) -> None:
    upgrade(third)

    with third.connect() as connection:
        words = connection.execute(
            text("SELECT tracks, public_tracks FROM search_words WHERE word IN ('full', 'bjork')")
        )
        assert sorted(map(tuple, words)) == [(1, 1), (2, 1)]
        counts = text("SELECT shift, sum(tracks) FROM track_counts GROUP BY shift ORDER BY shift")
        assert [tuple(row) for row in connection.execute(counts)] == [(8, 2), (16, 2), (24, 2)]


def test_names_without_spaces_are_found_by_their_parts(third: Engine) -> None:
    upgrade(third, "0005")
    with third.begin() as connection:
        connection.execute(ADD, {"title": "夜に駆ける", "is_public": True})
        # A form of its own for what is written with the letters of the others.
        connection.execute(ADD, {"title": "\N{SQUARE APAATO}", "is_public": True})

    upgrade(third)

    kept = text("SELECT tracks FROM search_words WHERE word = :word")
    with third.connect() as connection:
        for word in ("夜", "駆け", "アパ", "ート"):
            assert connection.scalar(kept, {"word": word}) == 1, word
        for word in ("夜に駆ける", "アパート"):
            assert connection.scalar(kept, {"word": word}) is None, word
