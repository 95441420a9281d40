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


OLD = text(
    "INSERT INTO tracks (id, title, artist, album, genre, duration, file_path, content_type,"
    " metadata) VALUES (gen_random_uuid(), 'Old', 'A, B', 'L', :genre, 200, 'a', 'audio/mpeg',"
    " CAST(:metadata AS jsonb))"
)
GENRES = {"drumandbass": 1, "pop": 3}
ARTISTS = {"a": 1, "b": 1, "bjork": 2}
ALBUMS = {"l": 1, "debut": 2}
TAGS = '{"artists": ["A", "B"], "album_artist": "Various", "genres": ["dnb", "Pop"]}'


def test_what_files_said_comes_out_of_their_tags(third: Engine) -> None:
    upgrade(third, "0005")
    with third.begin() as connection:
        connection.execute(OLD, {"genre": "Drum and Bass", "metadata": TAGS})

    upgrade(third)

    with third.connect() as connection:
        track = connection.execute(
            text("SELECT artists, album_artist, genre, genres FROM tracks WHERE title = 'Old'")
        ).one()
        assert track == (["A", "B"], "Various", "Drum & Bass", ["Drum & Bass", "Pop"])
        for counts, expected in (
            ("SELECT key, sum(tracks) FROM genre_counts GROUP BY key", GENRES),
            ("SELECT key, sum(tracks) FROM artist_counts GROUP BY key", ARTISTS),
            ("SELECT key, sum(tracks) FROM album_counts GROUP BY key", ALBUMS),
        ):
            assert {row.key: row.sum for row in connection.execute(text(counts))} == expected
        document = text("SELECT count(*) FROM search_documents WHERE words @@ '''#gdrumandbass'''")
        assert connection.scalar(document) == 1


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


TUNED = text(
    "INSERT INTO tracks (id, title, artist, album, duration, file_path, content_type, musical_key,"
    " bpm) VALUES (gen_random_uuid(), 'Tuned', 'A', 'L', 200, 'a', 'audio/mpeg', :key, :bpm)"
)
# Beside usual ones: one without the other, a half to round, and two that fill no three digits.
SOUNDS = ((None, None), ("Am", 119.6), ("F#m", None), (None, 95), ("B", 120.5), ("E", 7))
KEPT = text(
    "SELECT document.musical_key, document.bpm, words::text, track.created_at FROM tracks AS track"
    " JOIN search_documents AS document ON document.track_id = track.id"
    " WHERE title = 'Tuned' ORDER BY track.bpm, track.musical_key, track.created_at"
)


def test_keys_and_tempos_are_filled_as_new_tracks_have_them(third: Engine) -> None:
    upgrade(third, "0018")
    add_tuned(third)

    upgrade(third)
    add_tuned(third)

    with third.connect() as connection:
        rows = [tuple(row[:3]) for row in connection.execute(KEPT)]
    filled, new = rows[::2], rows[1::2]
    assert filled == new
    assert {(key, bpm) for key, bpm, _ in filled} == {
        *((None, None), ("Am", 120), ("F#m", None), (None, 95), ("B", 120), ("E", 7))
    }
    assert any("'#kam'" in words and "'#p12'" in words for _, _, words in filled)


def add_tuned(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(TUNED, [{"key": key, "bpm": bpm} for key, bpm in SOUNDS])
