"""Queries are parted in this process, names by the node: both must have the same words."""

import pytest

from djamms.search.words import joined, split
from tests.support.search_index import SearchIndex

NAMES = [
    "Björk \u2013 Jóga (Live)",
    "Bjo\u0308rk",
    "AC/DC",
    "P!nk!",
    "Guns N' Roses",
    "Don\u2019t Stop",
    "Ke$ha ft. A$AP",
    "Straße Ætherﬁsh Øresund Łódź Þórður",
    "\u0401лк\u0430 и Мир",
    "\u0396ε\u03cdς \u1f08θη\u03bdᾶ",
    "a_b 3.14 10:30 1,000 x.y",
    "夜に駆ける",
    "Lemon夏version",
    "\uff71\uff72\uff84\uff9e\uff99",
    "か\u3099くせい",
    "사랑을 했다",
    "हिन्दी संगीत",
    "ภาษาไทย",
    "مرحبا بالعالم",
    "\uff26\uff55\uff4c\uff4c Width",
    "Ngô Thụy Miên",
    "99 Luftballons \u21165",
    "a" * 80,
]


@pytest.mark.parametrize("name", NAMES)
def test_words_of_a_query_are_words_of_the_index(search_index: SearchIndex, name: str) -> None:
    asked = {"analyzer": "words", "text": name}
    found = search_index.node.call("POST", f"/{search_index.name}/_analyze", asked)

    assert {gram for word in split(name) for gram in word.grams} <= {
        token["token"] for token in found["tokens"]
    }


@pytest.mark.parametrize("name", NAMES[:-1])
def test_a_name_as_one_word_is_that_of_a_query(search_index: SearchIndex, name: str) -> None:
    asked = {"normalizer": "whole", "text": name}
    found = search_index.node.call("POST", f"/{search_index.name}/_analyze", asked)

    assert [token["token"] for token in found["tokens"]] == [joined(split(name))]
