"""What fingers do to words."""

import random
import string
import unicodedata


def without_accents(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text)
    return "".join(part for part in parts if not unicodedata.combining(part))


def misspell(word: str, chance: random.Random, edits: int = 1) -> str:
    """`word` after so many of: a letter more, one less, another one, two in each other's place."""
    result = word
    while result == word:
        result = word
        for _ in range(edits):
            result = _edit(result, chance)
    return result


def _edit(word: str, chance: random.Random) -> str:
    place = chance.randrange(len(word))
    letter = chance.choice(string.ascii_lowercase)
    before, after = word[:place], word[place:]
    match chance.randrange(4):
        case 0:
            return before + letter + after
        case 1:
            return before + after[1:]
        case 2:
            return before + letter + after[1:]
        case _:
            return before + after[1:2] + after[:1] + after[2:]


def unfinished(word: str, chance: random.Random) -> str:
    """The first letters, three at least."""
    return word[: chance.randint(3, max(len(word) - 1, 3))]


def inner_part(word: str, chance: random.Random) -> str:
    """Letters from inside of a word, four at least, without its first."""
    start = chance.randint(1, len(word) - 4)
    return word[start : chance.randint(start + 4, len(word))]


def halves(word: str, chance: random.Random) -> str:
    """Two parts of three letters at least."""
    place = chance.randint(3, len(word) - 3)
    return f"{word[:place]} {word[place:]}"
