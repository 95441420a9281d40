"""What search quality is judged by: a label that is wrong judges wrongly."""

import random
from itertools import groupby

import pytest

from bench.catalogue import Catalogue
from bench.search_quality.edits import as_heard, beside
from bench.search_quality.labelled import KINDS, Labelled, labelled
from bench.search_quality.library import library
from bench.search_quality.named import folded, labelled_names
from bench.search_quality.wanted import Answers, Wanted
from bench.search_quality.world.accents import accents
from bench.search_quality.world.scripts import half_width, in_mid_syllable
from bench.search_quality.world.tracks import GROUPS, world

TRACKS = 6000
PER_KIND = 9


@pytest.fixture(scope="module")
def queries() -> list[Labelled]:
    return list(labelled(Catalogue().tracks(TRACKS), world(TRACKS), PER_KIND))


def test_the_same_number_gives_the_same_queries(queries: list[Labelled]) -> None:
    again = list(labelled(Catalogue().tracks(TRACKS), world(TRACKS), PER_KIND))

    assert queries == again


def test_every_kind_has_its_queries_and_a_third_is_held_back(queries: list[Labelled]) -> None:
    by_kind = {kind: list(group) for kind, group in groupby(queries, key=lambda one: one.kind)}

    assert list(by_kind) == list(KINDS)
    for group in by_kind.values():
        assert [one.held_back for one in group] == [False, False, True] * 3


def test_every_query_says_something_and_can_be_answered(queries: list[Labelled]) -> None:
    assert all(one.text.strip() and one.relevant for one in queries)


def test_only_what_guests_see_pleases(queries: list[Labelled]) -> None:
    seen = {track.id for track in Catalogue().tracks(TRACKS) if track.is_public}
    seen |= {other.track.id for other in world(TRACKS)}

    assert all(one.relevant <= seen for one in queries)


def test_all_scripts_and_forms_are_there() -> None:
    others = list(world(TRACKS))
    names = dict.fromkeys(GROUPS, "")
    for other in others:
        names[other.wanted.group] += other.track.title + other.track.artist

    assert len({other.track.id for other in others}) == len(others)
    for group, letter in {"korean": "의", "russian": "о", "greek": "α", "japanese": "の"}.items():  # noqa: RUF001
        assert letter in names[group]
    assert set("/&',") <= set(names["signs"])
    assert not names["accents"].isascii()


def test_names_with_accents_say_how_they_are_typed_without() -> None:
    made = [track for seed in range(20) for track in accents(random.Random(seed), 3)]
    accented = [one for one in made if not one.title.shown.isascii()]

    assert len(accented) > len(made) / 2
    assert all(any(way.isascii() for way in one.title.ways) for one in accented)


def test_a_part_is_found_as_a_whole_word_and_anywhere_where_words_have_no_spaces() -> None:
    tracks = list(Catalogue().tracks(2))
    love = Wanted("love me", "anna", "")
    night = Wanted("夏の夜空", "anna", "")
    answers = Answers([(tracks[0].id, love), (tracks[1].id, night)])

    assert answers.holding({"title": "love"}) == {tracks[0].id}
    assert not answers.holding({"title": "lov"})
    assert answers.holding({"title": "夜空", "artist": "anna"}) == {tracks[1].id}


def test_slips() -> None:
    chance = random.Random(1)

    assert beside("love", chance) != "love"
    assert {as_heard("fer", chance) for _ in range(50)} == {"pher"}
    assert half_width("ギター") == "ｷﾞﾀｰ"
    assert in_mid_syllable("별빛") == "별비"


def test_beginnings_of_names_leave_few_to_choose_from() -> None:
    every = library(TRACKS)
    found = list(labelled_names(every.tracks, every.playlists, 6))
    titles = {folded(track.title) for track in every.tracks if track.is_public}
    begun = [one for one in found if one.kind == "track: begun"]

    assert len(begun) == 6
    for one in begun:
        others = [title for title in titles if title.startswith(folded(one.text))]
        assert len(others) <= 5 or one.relevant == {folded(one.text)}
    assert [one.held_back for one in begun] == [False, False, True] * 2


def test_a_version_or_a_guest_is_the_same_name() -> None:
    assert folded("Café Nova (Live)") == "cafe nova"
    assert folded("Ærø feat. Somebody") == "aero"
