from typing import Any

import pytest

from djamms.search import postgres
from tests.functional.search.conftest import Library

TRACKS = 23


@pytest.fixture
def many(library: Library) -> Library:
    for number in range(TRACKS):
        title = f"Love {number}" if number % 3 else "Love"
        library.add(title, f"Singer {number % 5}", popularity=number * 13 % 101, genre="Rock")
    return library


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "BLOCK", 5)


@pytest.mark.parametrize("limit", [1, 4, 7, 50])
@pytest.mark.parametrize("asked", [{"q": "love"}, {"genre": "rock"}, {"q": "lov", "genre": "rock"}])
def test_every_match_comes_once(many: Library, asked: dict[str, Any], limit: int) -> None:
    pages = [many.search(**asked, page=page, limit=limit) for page in range(1, TRACKS // limit + 3)]

    ids = [track.id for page in pages for track in page.tracks]
    assert len(ids) == len(set(ids)) == TRACKS
    assert {(page.total, page.total_is_exact) for page in pages} == {(TRACKS, True)}


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("limit", [2, 4, 7])
def test_every_match_comes_once_when_there_are_very_many(many: Library, limit: int) -> None:
    pages = [many.search("love", page=page, limit=limit) for page in range(1, TRACKS // limit + 3)]

    ids = [track.id for page in pages for track in page.tracks]
    assert len(ids) == len(set(ids)) == TRACKS


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize(
    ("asked", "total", "is_exact"),
    [
        ({"q": "lov"}, TRACKS, False),
        ({"q": "love"}, TRACKS, True),
        ({"q": "lov", "genre": "rock"}, 12, False),
        ({"q": "lo"}, TRACKS, False),
        ({"duration": "long"}, TRACKS, True),
        ({"genre": "rock"}, TRACKS, True),
        ({"artist": "singer 1", "q": "love"}, 5, True),
    ],
)
def test_the_total_is_the_same_on_every_page(
    many: Library,
    monkeypatch: pytest.MonkeyPatch,
    asked: dict[str, Any],
    total: int,
    is_exact: bool,
) -> None:
    monkeypatch.setattr(postgres, "MOST_COUNTED", 12)
    pages = [many.search(**asked, page=page, limit=3) for page in (1, 2, 4, 5, 8, 900)]

    assert {(page.total, page.total_is_exact) for page in pages} == {(total, is_exact)}
    assert len({str(page.facets) for page in pages}) == 1
    assert {page.faceted_tracks for page in pages} == {min(total, 5)}


@pytest.mark.usefixtures("small_blocks")
def test_a_word_alone_has_the_tracks_that_the_caller_can_see(many: Library) -> None:
    many.add("Love", is_public=False)

    assert many.search("love", limit=3).total == TRACKS
    assert many.search("love", limit=3, guest=False).total == TRACKS + 1
    assert many.search(genre="rock", limit=3).total == TRACKS


@pytest.mark.usefixtures("small_blocks")
def test_all_of_a_genre_can_be_reached(many: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "MOST_RESULTS", 10)

    pages = [many.search(genre="ROCK", page=page, limit=4) for page in range(1, 9)]

    assert len({track.id for page in pages for track in page.tracks}) == TRACKS


@pytest.mark.usefixtures("small_blocks")
def test_facets_say_how_many_they_count(many: Library) -> None:
    found = many.search("lov", limit=3)

    assert sum(facet.tracks for facet in found.facets["genre"]) == found.faceted_tracks == 5


@pytest.mark.usefixtures("small_blocks")
def test_of_very_many_the_title_and_the_popular_come_first(many: Library) -> None:
    many.add("Love", "Unknown", popularity=0)
    shown = many.search("love", limit=5).tracks

    assert {track.title for track in shown} == {"Love"}


@pytest.mark.usefixtures("small_blocks")
def test_nothing_lies_behind_the_last_reachable_page(
    many: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "MOST_RESULTS", 10)
    monkeypatch.setattr(postgres, "MOST_COUNTED", 10)

    assert len(many.search("love", page=1, limit=50).tracks) == 10
    assert many.search("love", page=900, limit=50).total == 10
    assert not many.search("love", page=900, limit=50).total_is_exact
    assert many.search("love", page=3, limit=5).tracks == []
