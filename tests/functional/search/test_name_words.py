"""Words that stand for what was slipped on: those of names that the caller can see."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, delete, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from djamms.db.session import transaction
from djamms.db.sqlstate import LOCK_NOT_AVAILABLE, sqlstate
from djamms.models.playlist import Playlist
from djamms.models.search_names import SearchName, SearchNameWordForm
from djamms.search import unused_names_repository as repository
from djamms.search.suggest_names_repository import MOST_SLIPS
from djamms.search.unused_names import forget_unused
from functions.jobs.handler import clean_up
from tests.functional.search.conftest import Library
from tests.support.factories import make_playlist, make_user

PLAYLIST = 3
MANY = 3 * MOST_SLIPS


@pytest.fixture(autouse=True)
def nothing_unused(database: Engine) -> None:
    """Other tests commit names and delete what had them: the shared database keeps those."""
    forget_unused(sessionmaker(database).begin)


def words(session: Session) -> set[str]:
    return set(session.scalars(select(SearchNameWordForm.word)))


def near(typed: str) -> list[str]:
    """One letter in its place is another, and that in every place."""
    letters = [one for one in "bcdfghjkmnpqrtvwxyz" if one not in typed]
    return [
        typed[:place] + letter + typed[place + 1 :]
        for place in range(1, len(typed))
        for letter in letters
    ][:MANY]


def test_words_of_what_is_hidden_leave_no_room_out(postgres_library: Library) -> None:
    for word in near("silvan"):
        postgres_library.add("Song", word, is_public=False)
    postgres_library.add("Song", "Silvian")

    assert postgres_library.suggest("silvan", types="artist") == [("artist", "Silvian")]


def test_words_of_what_is_gone_leave_no_room_out(
    postgres_library: Library, session: Session
) -> None:
    tracks = [postgres_library.add("Song", word) for word in near("silvan")]
    postgres_library.add("Song", "Silvian")
    for track in tracks:
        session.delete(track)
    session.flush()

    assert postgres_library.suggest("silvan", types="artist") == [("artist", "Silvian")]


def test_the_word_of_most_names_is_meant(postgres_library: Library) -> None:
    for number, word in enumerate(near("silvan")[: MOST_SLIPS + 4]):
        postgres_library.add("Song", f"{word} {number}")
    for number in range(3):
        postgres_library.add("Song", f"Zilvan {number}")

    found = postgres_library.suggest("silvan", types="artist", limit=20)

    assert {f"Zilvan {number}" for number in range(3)} <= {name for _, name in found}


def test_a_word_is_forgotten_with_the_last_name_that_has_it(session: Session) -> None:
    owner = make_user(session)
    gone = make_playlist(session, owner.id, name="Harbour Lights", is_public=True)
    make_playlist(session, owner.id, name="Harbour Walk", is_public=True)
    session.execute(delete(Playlist).where(Playlist.id == gone.id))

    assert clean_up({})["unused_words"] == 1

    assert words(session) >= {"harbour", "walk"}
    assert "lights" not in words(session)


def test_a_name_without_tracks_is_forgotten_until_it_has_some(
    postgres_library: Library, session: Session
) -> None:
    track = postgres_library.add("Song", "Silvian", "Dusk")
    track.is_active = False
    session.flush()

    assert forget_unused(transaction) == {"empty_names": 2, "unused_words": 2}
    assert session.scalar(select(func.count()).where(SearchName.kind != PLAYLIST)) == 0

    track.is_active = True
    session.flush()
    assert postgres_library.suggest("silvan", types="artist") == [("artist", "Silvian")]
    assert postgres_library.suggest("dussk", types="album") == [("album", "Dusk")]


@pytest.fixture
def committed(database: Engine) -> Iterator[Engine]:
    """The shared database; what a test commits is deleted afterwards."""
    with database.begin() as connection:
        connection.execute(text("INSERT INTO search_name_vocabulary (word) VALUES ('nothing')"))
    yield database
    with database.begin() as connection:
        connection.execute(delete(Playlist))
        connection.execute(delete(SearchNameWordForm).where(SearchNameWordForm.word == "nothing"))


def test_nobody_writes_names_meanwhile(committed: Engine) -> None:
    with Session(committed) as cleaner, Session(committed) as writer:
        assert repository.forget_unused_words(cleaner, limit=9) == 1
        writer.execute(text("SET LOCAL lock_timeout = '20ms'"))

        with pytest.raises(DBAPIError) as refused:
            make_playlist(writer, None, name="Nothing", is_public=True)

        assert sqlstate(refused.value) == LOCK_NOT_AVAILABLE
        writer.rollback()
        cleaner.commit()
        make_playlist(writer, None, name="Nothing", is_public=True)
        writer.commit()
        assert "nothing" in words(writer)


def test_who_writes_names_is_waited_for_by_nobody(committed: Engine) -> None:
    with Session(committed) as writer:
        make_playlist(writer, None, name="Nothing", is_public=True)

        assert forget_unused(sessionmaker(committed).begin) == {"empty_names": 0, "unused_words": 0}

        writer.commit()
    with Session(committed) as session:
        assert "nothing" in words(session)
