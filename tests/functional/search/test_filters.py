from typing import Any

import pytest

from djamms.search import repository
from tests.functional.search.conftest import Library


@pytest.fixture
def songs(library: Library) -> Library:
    library.add("Old", "Duke", genre="Jazz", year=1959, duration_seconds=179, bitrate_kbps=96)
    library.add("Eighties", "Queen", genre="ROCK", year=1989, duration_seconds=180, popularity=40)
    library.add("Nineties", "The Beatles", genre="rock", year=1990, duration_seconds=300)
    library.add("New", "MC Queen", genre="Hip Hop", year=2020, duration_seconds=301, popularity=81)
    values: dict[str, Any] = {"genre": None, "year": None, "bitrate_kbps": None, "popularity": 39}
    library.add("Bare", "Björk", duration_seconds=100, **values)
    return library


ALL = {"Old", "Eighties", "Nineties", "New", "Bare"}


@pytest.mark.parametrize(
    ("name", "word", "expected"),
    [
        ("genre", "rock", {"Eighties", "Nineties"}),
        ("genre", "hip hop", {"New"}),
        ("genre", "it's \\ new", set()),
        ("artist", "ueen", {"Eighties", "New"}),
        ("artist", "c q", {"New"}),
        ("artist", "THE BEAT", {"Nineties"}),
        ("artist", "bjo", {"Bare"}),
        ("artist", "q", {"Eighties", "New"}),
        ("artist", "%", set()),
        ("year", "1989", {"Eighties"}),
        ("year", "1990s", {"Nineties"}),
        ("year", "2020s", {"New"}),
        ("year", "pre-1990", {"Old", "Eighties"}),
        ("year", "pre-1989", {"Old"}),
        ("duration", "short", {"Old", "Bare"}),
        ("duration", "medium", {"Eighties", "Nineties"}),
        ("duration", "Long", {"New"}),
        ("bitrate", "320", {"Eighties", "Nineties", "New"}),
        ("bitrate", "90", {"Old", "Eighties", "Nineties", "New"}),
        ("bitrate", "97", {"Eighties", "Nineties", "New"}),
        ("popularity", "high", {"New"}),
        ("popularity", "medium", {"Eighties"}),
        ("popularity", "low", {"Old", "Nineties", "Bare"}),
    ],
)
def test_narrows(songs: Library, name: str, word: str, expected: set[str]) -> None:
    assert set(songs.titles(**{name: word})) == expected


@pytest.mark.parametrize("year", [1000, 1100, 1499, 1500, 1899])
def test_very_old_tracks_are_from_before(library: Library, year: int) -> None:
    library.add("Ancient", year=year)

    assert library.titles(year="pre-1990") == ["Ancient"]
    assert library.titles(year=f"pre-{year + 1}") == ["Ancient"]
    assert library.titles(year=f"pre-{year}") == []
    assert library.titles(year=str(year)) == ["Ancient"]


@pytest.mark.parametrize("name", ["genre", "artist", "year", "duration", "bitrate", "popularity"])
@pytest.mark.parametrize("absent", ["any", "All", ""])
def test_says_nothing(songs: Library, name: str, absent: str) -> None:
    assert songs.titles("old", **{name: absent}) == ["Old"]


def test_filters_and_words_hold_together(songs: Library) -> None:
    assert songs.titles("queen", genre="rock", year="1980s", duration="medium") == ["Eighties"]
    assert songs.titles("quen", genre="rock") == ["Eighties"]
    assert songs.titles("queen", genre="jazz") == []


def test_an_artist_alone_narrows_words_of_the_title(songs: Library) -> None:
    assert songs.titles("new", artist="queen") == ["New"]
    assert songs.titles("new", artist="beatles") == []


def test_facets_count_what_matches(songs: Library) -> None:
    facets = songs.search("queen").facets

    assert {(f.value, f.tracks) for f in facets["genre"]} == {("rock", 1), ("hip hop", 1)}
    assert {(f.value, f.tracks) for f in facets["year"]} == {("1980s", 1), ("2020s", 1)}
    assert {(f.value, f.tracks) for f in facets["duration"]} == {("medium", 1), ("long", 1)}


def test_facets_come_by_their_count(songs: Library) -> None:
    genres = songs.search(duration="medium").facets["genre"]

    assert [(facet.value, facet.tracks) for facet in genres] == [("rock", 2)]


@pytest.mark.parametrize(("name", "reach"), [("queen", 2), ("zzqx", 0), ("q", None)])
def test_the_vocabulary_says_how_far_an_artist_reaches(
    songs: Library, name: str, reach: int | None
) -> None:
    assert repository.artist_reach(songs.session, name=name, only_public=True) == reach
