"""The vocabulary and the documents stay what the tracks say, whatever is done to these."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine, delete, text, update
from sqlalchemy.orm import Session

from djamms.models.track import Track
from tests.support.factories import make_track

# What both tables should hold, counted anew.
WRONG_WORDS = text(
    "WITH counted AS (SELECT word, count(*) AS tracks, sum(is_public::int) AS public_tracks"
    " FROM (SELECT document.is_public, unnest(tsvector_to_array(document.words)) AS word"
    "  FROM tracks, search_document(tracks) document WHERE tracks.is_active) AS words"
    " WHERE word !~ '^[#=@]' GROUP BY word)"
    " SELECT * FROM counted FULL JOIN search_words AS kept USING (word)"
    " WHERE (counted.tracks, counted.public_tracks)"
    " IS DISTINCT FROM (kept.tracks, kept.public_tracks)"
)
WRONG_DOCUMENTS = text(
    "WITH made AS (SELECT document.* FROM tracks, search_document(tracks) document"
    " WHERE tracks.is_active)"
    " (TABLE made EXCEPT TABLE search_documents)"
    " UNION ALL (TABLE search_documents EXCEPT TABLE made)"
)
WORDS = ["Love", "Blue", "Night", "L'Amour", "AC/DC", "Träume", "N°5", "love love", "夜", "  ", "!"]


def wrong(connection: Connection) -> list[object]:
    return [*connection.execute(WRONG_WORDS), *connection.execute(WRONG_DOCUMENTS)]


def name(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=3))


def change(session: Session, chance: random.Random, tracks: list[Track]) -> None:
    track = chance.choice(tracks)
    match chance.randrange(8):
        case 0 | 1:
            tracks.append(make_track(session, name(chance), artist=name(chance)))
        case 2:
            track.title, track.album = name(chance), chance.choice([None, name(chance)])
        case 3:
            track.is_public = not track.is_public
        case 4:
            track.is_active = not track.is_active
        case 5:
            track.popularity = chance.randrange(101)
        case 6:
            track.play_count, track.genre = track.play_count + 1, chance.choice([None, "Pop"])
        case 7 if len(tracks) > 3:
            tracks.remove(track)
            session.delete(track)
    session.flush()


@pytest.mark.parametrize("seed", range(3))
def test_follows_every_change(session: Session, connection: Connection, seed: int) -> None:
    chance = random.Random(seed)
    tracks = [make_track(session, name(chance), artist=name(chance))]

    for _ in range(60):
        change(session, chance, tracks)

    assert wrong(connection) == []


def test_follows_statements_over_many_tracks(session: Session, connection: Connection) -> None:
    for number in range(6):
        make_track(session, f"Blue {number}", artist="Various", is_public=number > 1)

    session.execute(update(Track).where(Track.is_public).values(artist="Renamed", popularity=99))
    session.execute(delete(Track).where(~Track.is_public))

    assert wrong(connection) == []
    assert connection.scalar(text("SELECT count(*) FROM search_words WHERE word = 'various'")) == 0


@pytest.fixture
def committed(database: Engine) -> Iterator[Engine]:
    """The shared database; what a test commits is deleted afterwards."""
    yield database
    with database.begin() as connection:
        connection.execute(delete(Track))


def test_stays_true_when_many_write_at_once(committed: Engine) -> None:
    def work(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(15):
            track_id = uuid4()
            with Session(committed) as session, session.begin():
                make_track(session, name(chance), artist=name(chance), id=track_id)
            with Session(committed) as session, session.begin():
                change(session, chance, [session.get_one(Track, track_id)])

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(4))) == [None] * 4

    with committed.connect() as connection:
        assert wrong(connection) == []
