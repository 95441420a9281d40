"""What is still being typed, and how it goes on with a slip or without."""

import random

import pytest

from djamms.search.slips import begins_with_slip, distance


@pytest.mark.parametrize("typed", ["blackb", "blacb", "blackkb", "blavkb", "blcakb", "lackb"])
def test_a_word_begins_so_but_for_one_slip(typed: str) -> None:
    assert begins_with_slip("blackbird", typed)


@pytest.mark.parametrize("typed", ["blavkd", "balkcb", "blkb", "birdbl"])
def test_two_slips_are_too_many(typed: str) -> None:
    assert not begins_with_slip("blackbird", typed)


def test_agrees_with_the_distance_of_each_beginning() -> None:
    chance = random.Random(1)
    found = set()

    for _ in range(5_000):
        word = "".join(chance.choices("abc", k=chance.randint(0, 8)))
        typed = "".join(chance.choices("abc", k=chance.randint(1, 8)))
        lengths = range(len(typed) - 1, len(typed) + 2)
        expected = any(distance(word[:length], typed, 1) <= 1 for length in lengths)
        assert begins_with_slip(word, typed) == expected, (word, typed)
        found.add(expected)

    assert found == {True, False}
