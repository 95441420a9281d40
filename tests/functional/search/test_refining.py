"""Facets, tags, orders, highlights and explanations: the same on every engine."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from djamms.music.sorting import read_sort
from djamms.search.engine import SearchEngine, SearchRequest, SearchResult, Suggestions
from djamms.search.engine import SuggestRequest as Suggest
from tests.functional.search.conftest import Library


@dataclass(frozen=True)
class Asking:
    """An engine of which more is asked."""

    engine: SearchEngine
    more: dict[str, Any]

    @property
    def name(self) -> str:
        return self.engine.name

    def search(self, request: SearchRequest) -> SearchResult:
        return self.engine.search(replace(request, **self.more))

    def suggest(self, request: Suggest) -> Suggestions:
        return self.engine.suggest(request)


def asking(library: Library, **more: Any) -> Library:
    return replace(library, engine=Asking(library.engine, more))


@pytest.fixture
def songs(library: Library) -> Library:
    add = library.add
    add("River Song", "Anna", genre="Rock", year=1991, duration_seconds=100, bitrate_kbps=128)
    add("River Deep", "Bert", genre="Rock", year=1995, duration_seconds=200, bitrate_kbps=320)
    add("River Man", "Bert", genre="Jazz", year=2001, duration_seconds=400, bitrate_kbps=256)
    add("River Hidden", "Anna", genre="Grime", is_public=False, tags=["secret"])
    return library


def counts(result: SearchResult, facet: str) -> dict[str, int]:
    return {one.value: one.tracks for one in result.facets.get(facet, ())}


def test_every_facet_counts_what_matches(songs: Library) -> None:
    found = songs.search("river")

    assert counts(found, "genre") == {"rock": 2, "jazz": 1}
    assert counts(found, "artist") == {"Bert": 2, "Anna": 1}
    assert counts(found, "year") == {"1990s": 2, "2000s": 1}
    assert counts(found, "duration") == {"short": 1, "medium": 1, "long": 1}
    assert counts(found, "bitrate") == {"128": 3, "192": 2, "256": 2, "320": 1}
    assert counts(found, "tags") == {"rock": 2, "jazz": 1}


@pytest.mark.parametrize(
    ("facet", "word", "own"),
    [
        ("genre", "rock", {"rock": 2, "jazz": 1}),
        ("artist", "bert", {"Bert": 2, "Anna": 1}),
        ("year", "1990s", {"1990s": 2, "2000s": 1}),
        ("duration", "short", {"short": 1, "medium": 1, "long": 1}),
        ("bitrate", "256", {"128": 3, "192": 2, "256": 2, "320": 1}),
        ("tags", "jazz", {"rock": 2, "jazz": 1}),
    ],
)
def test_a_facet_leaves_out_its_own_filter(
    songs: Library, facet: str, word: str, own: dict[str, int]
) -> None:
    found = songs.search("river", **dict[str, Any]({facet: word}))

    assert 0 < found.total < 3
    assert counts(found, facet) == own


@pytest.fixture
def tempos(library: Library) -> Library:
    library.add("River Song", "Anna", musical_key="Am", bpm=119.6)
    library.add("River Deep", "Bert", musical_key="Am", bpm=129.4)
    library.add("River Man", "Bert", musical_key="F#m", bpm=95)
    library.add("River Hidden", "Anna", musical_key="Cm", bpm=200, is_public=False)
    library.add("River Plain", "Carl")
    return library


@pytest.mark.parametrize(
    ("facet", "word", "titles"),
    [
        ("key", "am", {"River Song", "River Deep"}),
        ("key", "F#M", {"River Man"}),
        ("key", "a", set()),
        ("bpm", "120-129", {"River Song", "River Deep"}),
        ("bpm", "120", {"River Song"}),
        ("bpm", "-100", {"River Man"}),
        ("bpm", "121-", {"River Deep"}),
        ("bpm", "130-120", set()),
        ("bpm", "30000-", set()),
    ],
)
def test_key_and_tempo_narrow_and_their_facets_leave_out_their_own(
    tempos: Library, facet: str, word: str, titles: set[str]
) -> None:
    for q in ("river", ""):
        found = tempos.search(q, **dict[str, Any]({facet: word}))

        assert {track.title for track in found.tracks} == titles
        whole = {"key": {"Am": 2, "F#m": 1}, "bpm": {"120-129": 2, "90-99": 1}}
        assert counts(found, facet) == whole[facet]
        other = "bpm" if facet == "key" else "key"
        assert sum(counts(found, other).values()) == len(titles)


def test_a_facet_respects_all_other_filters(songs: Library) -> None:
    found = songs.search("river", genre="rock", bitrate="320")

    assert counts(found, "genre") == {"rock": 1}
    assert counts(found, "bitrate") == {"128": 2, "192": 1, "256": 1, "320": 1}
    assert counts(found, "year") == {"1990s": 1}


def test_facets_of_filters_alone_leave_out_their_own(songs: Library) -> None:
    found = songs.search(genre="rock", year="1990s")

    assert found.total == 2
    assert counts(found, "genre") == {"rock": 2}
    assert counts(found, "year") == {"1990s": 2}
    assert counts(songs.search(genre="jazz"), "genre") == {"rock": 2, "jazz": 1}


def test_hidden_tags_show_in_no_facet(songs: Library) -> None:
    assert "secret" not in counts(songs.search("river", genre="rock"), "tags")
    assert counts(songs.search("river", guest=False), "tags")["secret"] == 1


def test_tags_are_moods_own_words_and_genres(library: Library) -> None:
    library.add("One", genre="Hip Hop", tags=["Night Drive", "calm"])
    library.add("Two", tags=["calm"])

    assert set(library.titles(tags="Calm")) == {"One", "Two"}
    assert library.titles(tags="calm, NIGHT-drive") == ["One"]
    assert library.titles(tags="hip-hop,calm") == ["One"]
    assert library.titles(tags="calm,unheard of") == []
    assert counts(library.search(tags="hip hop"), "tags")["calm"] == 2


def test_a_tag_is_found_by_its_words(library: Library) -> None:
    library.add("One", tags=["Moonlit Drive"])
    library.add("Two")

    assert library.titles("moonlit") == ["One"]
    assert library.titles("moonlti") == ["One"]
    matched = asking(library, explains=True).search("moonlit").explanations
    assert [one.field for found in matched.values() for one in found.matched] == ["tags"]


def test_a_genre_is_no_word_of_a_track(library: Library) -> None:
    library.add("One", genre="Polka", tags=["calm"])

    assert library.titles("polka") == []


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("title", ["River Deep", "River Man", "River Song"]),
        ("-title", ["River Song", "River Man", "River Deep"]),
        ("-year", ["River Man", "River Deep", "River Song"]),
        ("duration", ["River Song", "River Deep", "River Man"]),
        ("bitrate", ["River Song", "River Man", "River Deep"]),
    ],
)
def test_sorts_all_matches(songs: Library, sort: str, expected: list[str]) -> None:
    sorted_songs = asking(songs, sort=read_sort(sort))

    assert sorted_songs.titles("river") == expected
    pages = [sorted_songs.search("river", limit=1, page=page) for page in (1, 2, 3, 4)]
    assert [track.title for page in pages for track in page.tracks] == expected
    assert {page.total for page in pages} == {3}


def test_a_correction_is_the_same_on_every_page_and_in_every_order(library: Library) -> None:
    for number in range(3):
        library.add(f"Night Ferry {number}", popularity=number)

    pages = [library.search("nihgt fery", limit=1, page=page) for page in (1, 2, 3)]
    by_title = asking(library, sort=read_sort("-title")).search("nihgt fery", limit=1)

    assert {found.did_you_mean for found in (*pages, by_title)} == {"night ferry"}


@pytest.mark.parametrize(
    ("query", "field", "expected"),
    [
        ("ferry", "title", "Night <em>Ferry</em>"),
        ("fery", "title", "Night <em>Ferry</em>"),
        ("beyonce", "artist", "<em>Beyoncé</em> &amp; <b>Co</b>".replace("<b>", "&lt;b&gt;")),
        ("waves", "album", "<em>Waves</em>"),
    ],
)
def test_highlights_what_matched(library: Library, query: str, field: str, expected: str) -> None:
    track = library.add("Night Ferry", "Beyoncé & <b>Co</b>", "Waves")

    shown = asking(library, highlights=True).search(query).highlights[track.id]
    assert shown == {field: expected.replace("</b>", "&lt;/b&gt;")}
    assert library.search(query).highlights == {}


@pytest.mark.parametrize(
    ("query", "word", "how"),
    [("ferry", "ferry", "exact"), ("fer", "fer", "prefix"), ("fery", "fery", "fuzzy")],
)
def test_explains_a_place(library: Library, query: str, word: str, how: str) -> None:
    track = library.add("Night Ferry", "Nobody", popularity=50)

    explained = asking(library, explains=True).search(query).explanations[track.id]
    parts = explained.text + explained.popularity + explained.freshness
    assert explained.score == pytest.approx(parts)
    assert explained.text > 0
    assert (word, "title", how) in [(one.word, one.field, one.how) for one in explained.matched]
    assert library.search(query).explanations == {}
