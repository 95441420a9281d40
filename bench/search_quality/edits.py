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


NEIGHBOURS = {
    "q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij", "i": "uok",
    "o": "ipl", "p": "ol", "a": "qsz", "s": "awdx", "d": "sefc", "f": "drgv", "g": "fthb",
    "h": "gyjn", "j": "hukm", "k": "jil", "l": "kop", "z": "asx", "x": "zsdc", "c": "xdfv",
    "v": "cfgb", "b": "vghn", "n": "bhjm", "m": "njk",
}  # fmt: skip
# Spelt one way and heard as another.
SOUNDS = (
    ("ph", "f"), ("f", "ph"), ("ei", "ie"), ("ie", "ei"), ("ck", "k"), ("k", "ck"), ("c", "k"),
    ("k", "c"), ("y", "i"), ("i", "y"), ("z", "s"), ("s", "z"), ("v", "w"), ("w", "v"),
    ("que", "ke"), ("x", "ks"), ("th", "t"), ("ee", "ea"), ("oo", "u"), ("gh", "g"),
)  # fmt: skip
DOUBLED = "bdfglmnprst"


def beside(word: str, chance: random.Random) -> str | None:
    """A finger on the key beside one, or on both."""
    places = [place for place, letter in enumerate(word) if letter in NEIGHBOURS]
    if not places:
        return None
    place = chance.choice(places)
    wrong = chance.choice(NEIGHBOURS[word[place]])
    kept = word[place] if chance.random() < 0.25 else ""
    return word[:place] + kept + wrong + word[place + 1 :]


def as_heard(word: str, chance: random.Random) -> str | None:
    """With other letters of the same sound, or a letter doubled or no longer doubled."""
    ways = [word.replace(a, b, 1) for a, b in SOUNDS if a in word]
    ways += [word.replace(2 * letter, letter, 1) for letter in DOUBLED if 2 * letter in word]
    ways += [
        word[:place] + word[place] + word[place:]
        for place in range(1, len(word) - 1)
        if word[place] in DOUBLED and word[place] not in (word[place - 1], word[place + 1])
    ]
    return chance.choice(ways) if ways else None
