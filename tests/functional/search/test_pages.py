from functools import partial
from typing import Any

import pytest
from sqlalchemy.orm import Session

from djamms.music.sorting import read_sort
from djamms.search import postgres
from djamms.search.criteria import read_criteria
from djamms.search.engine import SearchRequest
from djamms.search.opensearch import engine as opensearch
from djamms.search.opensearch.engine import OpenSearchEngine
from djamms.search.postgres import PostgresEngine
from djamms.security.principal import GUEST_PRINCIPAL
from tests.functional.search.conftest import Library
from tests.support.factories import make_track
from tests.support.search_index import SearchIndex

TRACKS = 23


@pytest.fixture
def many(library: Library) -> Library:
    return filled(library)


@pytest.fixture
def blocks(postgres_library: Library, monkeypatch: pytest.MonkeyPatch) -> Library:
    """PostgreSQL reads matches block by block."""
    monkeypatch.setattr(postgres, "BLOCK", 5)
    return filled(postgres_library)


def filled(library: Library) -> Library:
    for number in range(TRACKS):
        title = f"Love {number}" if number % 3 else "Love"
        library.add(title, f"Singer {number % 5}", popularity=number * 13 % 101, genre="Rock")
    return library


@pytest.mark.parametrize("limit", [1, 4, 7, 50])
@pytest.mark.parametrize("asked", [{"q": "love"}, {"genre": "rock"}, {"q": "lov", "genre": "rock"}])
def test_every_match_comes_once(many: Library, asked: dict[str, Any], limit: int) -> None:
    pages = [many.search(**asked, page=page, limit=limit) for page in range(1, TRACKS // limit + 3)]

    ids = [track.id for page in pages for track in page.tracks]
    assert len(ids) == len(set(ids)) == TRACKS
    assert {(page.total, page.total_is_exact) for page in pages} == {(TRACKS, True)}


@pytest.mark.parametrize("limit", [2, 4, 7])
def test_every_match_comes_once_when_there_are_very_many(blocks: Library, limit: int) -> None:
    pages = [
        blocks.search("love", page=page, limit=limit) for page in range(1, TRACKS // limit + 3)
    ]

    ids = [track.id for page in pages for track in page.tracks]
    assert len(ids) == len(set(ids)) == TRACKS


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
    blocks: Library,
    monkeypatch: pytest.MonkeyPatch,
    asked: dict[str, Any],
    total: int,
    is_exact: bool,
) -> None:
    monkeypatch.setattr(postgres, "MOST_COUNTED", 12)
    pages = [blocks.search(**asked, page=page, limit=3) for page in (1, 2, 4, 5, 8, 900)]

    assert {(page.total, page.total_is_exact) for page in pages} == {(total, is_exact)}
    assert len({str(page.facets) for page in pages}) == 1
    assert {page.faceted_tracks for page in pages} == {min(total, 5)}


def test_a_word_alone_has_the_tracks_that_the_caller_can_see(blocks: Library) -> None:
    blocks.add("Love", is_public=False)

    assert blocks.search("love", limit=3).total == TRACKS
    assert blocks.search("love", limit=3, guest=False).total == TRACKS + 1
    assert blocks.search(genre="rock", limit=3).total == TRACKS


def test_all_of_a_genre_can_be_reached(blocks: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "MOST_RESULTS", 10)

    pages = [blocks.search(genre="ROCK", page=page, limit=4) for page in range(1, 9)]

    assert len({track.id for page in pages for track in page.tracks}) == TRACKS


def test_all_of_a_genre_comes_in_the_order_that_is_asked_for(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "MOST_RESULTS", 10)
    monkeypatch.setattr(postgres, "BLOCK", 5)
    for number in range(TRACKS):
        # The most popular come last.
        make_track(session, f"Song {number:02}", genre="Rock", popularity=number)
    make_track(session, "Song 00", genre="Rock", is_public=False)
    make_track(session, "Song 00", genre="Pop")
    asking = partial(
        SearchRequest,
        criteria=read_criteria("", {"genre": "rock"}),
        viewer=GUEST_PRINCIPAL,
        limit=4,
        sort=read_sort("title"),
    )

    pages = [PostgresEngine(session).search(asking(offset=at)) for at in range(0, TRACKS + 4, 4)]

    titles = [track.title for page in pages for track in page.tracks]
    assert titles == [f"Song {number:02}" for number in range(TRACKS)]
    assert {(page.total, page.total_is_exact) for page in pages} == {(TRACKS, True)}
    assert {facet.value for page in pages for facet in page.facets["genre"]} == {"rock"}


def test_facets_say_how_many_they_count(blocks: Library) -> None:
    found = blocks.search("lov", limit=3)

    assert sum(facet.tracks for facet in found.facets["genre"]) == found.faceted_tracks == 5


def test_of_very_many_the_title_and_the_popular_come_first(blocks: Library) -> None:
    blocks.add("Love", "Unknown", popularity=0)
    shown = blocks.search("love", limit=5).tracks

    assert {track.title for track in shown} == {"Love"}


def test_nothing_lies_behind_the_last_reachable_page(
    blocks: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "MOST_RESULTS", 10)
    monkeypatch.setattr(postgres, "MOST_COUNTED", 10)

    assert len(blocks.search("love", page=1, limit=50).tracks) == 10
    assert blocks.search("love", page=900, limit=50).total == 10
    assert not blocks.search("love", page=900, limit=50).total_is_exact
    assert blocks.search("love", page=3, limit=5).tracks == []


def test_the_total_of_few_is_exact_on_every_page(many: Library) -> None:
    pages = [many.search("lov", genre="rock", page=page, limit=3) for page in (1, 2, 8, 900)]

    assert {(page.total, page.total_is_exact) for page in pages} == {(TRACKS, True)}
    assert len({str(page.facets) for page in pages}) == 1


def test_pages_end_where_they_cost_too_much(
    search_index: SearchIndex, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opensearch, "MOST_RESULTS", 10)
    node = OpenSearchEngine(session, node=search_index.client(), alias=search_index.name)
    many = filled(Library(session, node, search_index))

    assert len(many.search("love", page=1, limit=50).tracks) == 10
    assert many.search("love", page=900, limit=50).tracks == []
    assert many.search("love", page=3, limit=5).tracks == []
    assert many.search("love", page=900, limit=50).total == 10
    assert not many.search("love", page=1, limit=50).total_is_exact
