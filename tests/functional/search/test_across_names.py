"""Words that stand in different names of one track: in its title and its artist, its album."""

import pytest

from tests.functional.search.conftest import Library


@pytest.mark.parametrize("typed", ["jade gol", "gol jade", "ocean gol", "jade golden boy"])
def test_the_beginning_of_a_later_word_completes_to_the_track(library: Library, typed: str) -> None:
    library.add("Jade Ocean", "Golden Boys")
    library.add("Jade Ocean", "Silver Girls")

    assert library.suggest(typed, types="track") == [("track", "Jade Ocean")]


@pytest.mark.parametrize("typed", ["jadegold", "goldjade"])
def test_title_and_artist_written_as_one_word_are_found(library: Library, typed: str) -> None:
    library.add("Jade", "Gold")
    library.add("Jade", "Silver")

    found = library.search(typed)

    assert [(one.title, one.artist) for one in found.tracks] == [("Jade", "Gold")]
    assert found.did_you_mean == f"{typed[:4]} {typed[4:]}"


def test_neighbours_in_a_title_written_as_one_word_are_found(library: Library) -> None:
    library.add("The River Delta Song", "Somebody")

    assert library.titles("riverdelta") == ["The River Delta Song"]
    assert library.suggest("riverdelta", types="track") == [("track", "The River Delta Song")]


def test_last_of_the_title_and_first_of_the_artist(library: Library) -> None:
    library.add("Old River", "Delta Boys")

    assert library.titles("riverdelta") == ["Old River"]
    assert library.titles("deltariver") == ["Old River"]
    assert library.suggest("riverdelta", types="track") == [("track", "Old River")]
