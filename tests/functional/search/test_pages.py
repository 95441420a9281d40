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
def test_says_when_there_are_more_than_were_counted(many: Library) -> None:
    first, last = many.search("love", limit=3), many.search("love", limit=3, page=8)

    assert (first.total, first.total_is_exact) == (5, False)
    assert (last.total, last.total_is_exact) == (TRACKS, True)
    assert sum(facet.tracks for facet in first.facets["genre"]) == 5


@pytest.mark.usefixtures("small_blocks")
def test_of_very_many_the_title_and_the_popular_come_first(many: Library) -> None:
    many.add("Love", "Unknown", popularity=0)
    shown = many.search("love", limit=5).tracks

    assert {track.title for track in shown} == {"Love"}


def test_nothing_lies_behind_the_last_reachable_page(
    many: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "MOST_RESULTS", 10)

    assert len(many.search("love", page=1, limit=50).tracks) == 10
    assert many.search("love", page=3, limit=5).tracks == ()
