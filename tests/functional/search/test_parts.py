"""Beginnings of words, and parts of words in scripts that put no spaces between them."""

import pytest

from tests.functional.search.conftest import Library


def test_one_letter_finds_the_popular_words_that_begin_with_it(library: Library) -> None:
    for title, popularity in (("Queen", 50), ("Quiet Storm", 90), ("Iraq", 100), ("Night", 80)):
        library.add(title, popularity=popularity)

    assert set(library.titles("q")) == {"Queen", "Quiet Storm"}
    assert library.titles("iraq q") == []
    assert library.titles("storm q") == ["Quiet Storm"]


def test_a_word_of_one_letter_comes_before_words_that_begin_with_it(library: Library) -> None:
    library.add("Queen", popularity=100)
    library.add("Q", popularity=0)

    assert library.titles("q") == ["Q", "Queen"]


def test_one_letter_of_a_large_vocabulary_finds_its_frequent_words(library: Library) -> None:
    for number in range(20):
        library.add(f"q{number:02}", popularity=100)
    for _ in range(2):
        library.add("Queen")

    found = library.search("q")
    assert {track.title for track in found.tracks} >= {"Queen"}
    assert found.total == len(found.tracks)


@pytest.fixture
def songs(library: Library) -> Library:
    library.add("夜に駆ける", "YOASOBI", "THE BOOK")
    library.add("アイドル", "YOASOBI")
    library.add("群青", "YOASOBI")
    library.add("月亮代表我的心", "鄧麗君")
    library.add("夜来香", "李香蘭")
    library.add("사랑을 했다", "아이콘")
    library.add("봄날", "방탄소년단")
    library.add("Lemon夏version", "米津玄師")
    return library


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("夜", {"夜に駆ける", "夜来香"}),
        ("夜に", {"夜に駆ける"}),
        ("駆ける", {"夜に駆ける"}),
        ("駆け", {"夜に駆ける"}),
        ("夜に駆ける", {"夜に駆ける"}),
        ("夜に駆ける yoasobi", {"夜に駆ける"}),
        ("駆ける 夜", {"夜に駆ける"}),
        ("ドル", {"アイドル"}),
        ("\uff71\uff72\uff84\uff9e\uff99", {"アイドル"}),
        ("群", {"群青"}),
        ("代表", {"月亮代表我的心"}),
        ("我的心", {"月亮代表我的心"}),
        ("月亮代表我的心 鄧麗君", {"月亮代表我的心"}),
        ("麗君", {"月亮代表我的心"}),
        ("사랑", {"사랑을 했다"}),
        ("사랑을", {"사랑을 했다"}),
        ("소년단", {"봄날"}),
        ("봄날 방탄", {"봄날"}),
        ("봄", {"봄날"}),
        ("lemon", {"Lemon夏version"}),
        ("夏", {"Lemon夏version"}),
        ("version 米津", {"Lemon夏version"}),
        ("夜明", set()),
        ("香夜", set()),
    ],
)
def test_finds_parts_without_spaces(songs: Library, typed: str, meant: set[str]) -> None:
    assert set(songs.titles(typed)) == meant


def test_the_whole_name_comes_before_a_part(library: Library) -> None:
    library.add("夜に駆ける (Live)", popularity=100)
    library.add("夜に駆ける", popularity=10)
    library.add("群青", "夜に駆ける", popularity=0)

    found = library.titles("夜に駆ける")
    assert set(found[:2]) == {"夜に駆ける", "群青"}


def test_corrects_the_words_beside_them(songs: Library) -> None:
    assert songs.search("夜に駆ける yoasbi").did_you_mean == "夜に駆ける yoasobi"
    assert songs.search("夜に駆ける").did_you_mean is None
