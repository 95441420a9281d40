"""What is a matter of OpenSearch alone, and what the index may be late with."""

from typing import Any

import pytest
from opensearchpy import NotFoundError
from sqlalchemy.orm import Session

from djamms.models.user import Role
from djamms.music.sorting import SortField, read_sort
from djamms.search.criteria import read_criteria
from djamms.search.engine import SearchRequest, SearchResult
from djamms.search.opensearch.engine import OpenSearchEngine
from djamms.search.opensearch.order import FIELDS
from djamms.security.principal import GUEST_PRINCIPAL, Principal
from tests.functional.search.conftest import Library
from tests.support.search_index import SearchIndex


@pytest.fixture
def library(session: Session, search_index: SearchIndex) -> Library:
    engine = OpenSearchEngine(session, node=search_index.client(), alias=search_index.name)
    return Library(session, engine, search_index)


@pytest.fixture
def songs(library: Library) -> Library:
    rock: dict[str, Any] = {"genre": "Rock", "bitrate_kbps": 320}
    library.add("Thunderstruck", "AC/DC", year=1990, duration_seconds=292, popularity=90, **rock)
    library.add("Blue <Sky> & Thunder", "Björk", year=1997, genre="Pop", bitrate_kbps=192)
    library.add("Thunder", "Nobody", year=2017, duration_seconds=187, popularity=10, **rock)
    return library


def ask(library: Library, q: str, *, guest: bool = True, **options: Any) -> SearchResult:
    assert library.index
    library.index.sync(library.session)
    filters = options.pop("filters", {})
    viewer = GUEST_PRINCIPAL if guest else Principal(None, Role.USER)
    criteria = read_criteria(q, filters)
    page = {"offset": 0, "limit": 50} | options
    return library.engine.search(SearchRequest(criteria=criteria, viewer=viewer, **page))


def counts(found: SearchResult, facet: str) -> dict[str, int]:
    return {one.value: one.tracks for one in found.facets.get(facet, ())}


def test_a_facet_leaves_out_its_own_filter_and_respects_the_others(songs: Library) -> None:
    found = ask(songs, "thunder", filters={"genre": "rock", "year": "1990s"})

    assert [track.title for track in found.tracks] == ["Thunderstruck"]
    assert found.total == 1
    assert counts(found, "genre") == {"rock": 1, "pop": 1}
    assert counts(found, "year") == {"1990s": 1, "2010s": 1}
    assert counts(found, "artist") == {"AC/DC": 1}
    assert counts(found, "duration") == {"medium": 1}
    assert counts(found, "bitrate") == {"128": 1, "192": 1, "256": 1, "320": 1}
    assert counts(found, "tags") == {"rock": 1}


@pytest.mark.parametrize("field", list(FIELDS))
def test_every_order_of_the_list_is_one_of_search(songs: Library, field: SortField) -> None:
    up = ask(songs, "thunder", sort=read_sort(field, "asc"))
    down = ask(songs, "thunder", sort=read_sort(field, "desc"))

    assert len(up.tracks) == len(down.tracks) == up.total == 3
    pages = [
        track.id
        for offset in range(3)
        for track in ask(songs, "thunder", sort=read_sort(field), offset=offset, limit=1).tracks
    ]
    assert len(set(pages)) == 3


@pytest.mark.parametrize(
    ("word", "titles"),
    [
        ("title", ["Blue <Sky> & Thunder", "Thunder", "Thunderstruck"]),
        ("-year", ["Thunder", "Blue <Sky> & Thunder", "Thunderstruck"]),
        ("popularity", ["Thunderstruck", "Thunder", "Blue <Sky> & Thunder"]),
        ("bitrate", ["Blue <Sky> & Thunder"]),
    ],
)
def test_matches_come_in_the_order_asked_for(songs: Library, word: str, titles: list[str]) -> None:
    found = ask(songs, "thunder", sort=read_sort(word))

    assert [track.title for track in found.tracks][: len(titles)] == titles


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        (
            "thunder björk",
            {"title": "Blue &lt;Sky&gt; &amp; <em>Thunder</em>", "artist": "<em>Björk</em>"},
        ),
        ("bjrok", {"artist": "<em>Björk</em>"}),
        (
            "thunders ac/dc",
            {"title": "<em>Thunderstruck</em>", "artist": "<em>AC</em>/<em>DC</em>"},
        ),
    ],
)
def test_highlights_mark_what_was_found_and_escape_the_rest(
    songs: Library, typed: str, marked: dict[str, str]
) -> None:
    found = ask(songs, typed, highlights=True)

    assert found.highlights[found.tracks[0].id] == marked


def test_an_explanation_adds_up_and_names_what_matched(songs: Library) -> None:
    found = ask(songs, "thunder bjo", explains=True)

    explained = found.explanations[found.tracks[0].id]
    parts = explained.text + explained.popularity + explained.freshness
    assert explained.score == pytest.approx(parts, abs=0.001)
    assert explained.freshness == pytest.approx(0.02, abs=0.001)
    assert [(one.word, one.field, one.how) for one in explained.matched] == [
        ("thunder", "title", "exact"),
        ("bjo", "artist", "prefix"),
    ]


def test_an_explanation_says_where_popularity_helped(songs: Library) -> None:
    found = ask(songs, "thundre", explains=True)

    by_title = {track.title: found.explanations[track.id] for track in found.tracks}
    assert by_title["Thunder"].popularity == pytest.approx(0.01, abs=0.0001)
    assert {one.how for one in by_title["Thunder"].matched} == {"fuzzy"}


def test_nothing_is_explained_or_marked_unasked(songs: Library) -> None:
    found = ask(songs, "thunder")

    assert (found.explanations, found.highlights) == ({}, {})


def test_a_late_index_shows_nothing_that_was_hidden_since(songs: Library) -> None:
    track = ask(songs, "thunderstruck").tracks[0]
    stored = songs.session.get(type(songs.add("Other")), track.id)
    assert stored
    stored.is_public = False
    songs.session.flush()

    late = songs.engine.search(
        SearchRequest(
            criteria=read_criteria("thunderstruk", {}), viewer=GUEST_PRINCIPAL, offset=0, limit=5
        )
    )
    assert (late.tracks, late.did_you_mean) == ([], None)


def test_a_missing_index_is_the_callers_to_handle(
    session: Session, search_index: SearchIndex
) -> None:
    engine = OpenSearchEngine(session, node=search_index.client(), alias="djamms-nowhere")
    request = SearchRequest(
        criteria=read_criteria("x", {}), viewer=GUEST_PRINCIPAL, offset=0, limit=5
    )

    with pytest.raises(NotFoundError):
        engine.search(request)
