"""What is hidden or gone shows nowhere: not in hits, counts, facets or corrections."""

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from djamms.models.track import Track
from tests.functional.search.conftest import Library


@pytest.mark.parametrize("query", ["secret", "secrt", "sec", "ecre", "unreleased secret", "demo"])
def test_hidden_tracks_show_to_accounts_only(library: Library, query: str) -> None:
    library.add("Secret Demo", "Unreleased", genre="Grime", is_public=False)

    hidden, shown = library.search(query), library.search(query, guest=False)

    assert (hidden.tracks, hidden.total, hidden.did_you_mean) == ([], 0, None)
    assert not hidden.facets
    assert [track.title for track in shown.tracks] == ["Secret Demo"]


def test_a_correction_never_names_a_hidden_word(library: Library) -> None:
    library.add("Melody", "Public")
    library.add("Melodrama", "Hidden", is_public=False)

    assert library.search("melodrma").did_you_mean is None
    assert library.search("public melodrma").did_you_mean is None
    assert library.search("melodrma", guest=False).did_you_mean == "melodrama"


def test_filters_alone_leave_the_hidden_out(library: Library) -> None:
    library.add("Open", genre="Grime")
    library.add("Closed", genre="Grime", is_public=False)

    assert library.titles(genre="grime") == ["Open"]
    assert library.titles(artist="nobo") == ["Open"]
    assert set(library.titles(genre="grime", guest=False)) == {"Open", "Closed"}


def test_a_deleted_track_is_gone_and_a_restored_one_back(
    library: Library, session: Session
) -> None:
    track = library.add("Phoenix")

    track.is_active = False
    session.flush()
    assert library.search("phoenix", guest=False).total == 0

    track.is_active = True
    session.flush()
    assert library.titles("phoenix") == ["Phoenix"]


def test_an_edit_is_found_at_once(library: Library, session: Session) -> None:
    track = library.add("Before", "Someone")

    track.title, track.genre, track.popularity = "Afterwards", "Disco", 90
    session.flush()

    assert library.titles("before") == []
    assert library.titles("afterwards", genre="disco", popularity="high") == ["Afterwards"]


def test_hiding_many_at_once_hides_all(library: Library, session: Session) -> None:
    for number in range(3):
        library.add(f"Number {number}")

    session.execute(update(Track).values(is_public=False))

    assert library.titles("number") == []
    assert len(library.titles("number", guest=False)) == 3
