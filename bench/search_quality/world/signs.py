"""Names with signs in them: Ka/Lo, R!nta, Ta$il, T.O.L., Taka N' Renmi, Fa-Zen, O'Lomi."""

import re
from collections.abc import Sequence

from bench.catalogue import SYLLABLES
from bench.search_quality.world.names import Chance, Made, Named, invented, phrase, plainly

LETTERS = "abdefgklmnoprstvz"
# What stands for a letter, and for which.
INSTEAD = {"!": "i", "$": "s", "5": "s", "3": "e", "0": "o", "@": "a"}
CONTRACTED = ("Don't", "I'm", "It's", "Can't", "You're", "We'll", "Ain't", "She's")


def signs(chance: Chance, tracks: int) -> Sequence[Made]:
    artist = _artist(chance)
    return [plainly(_title(chance), artist) for _ in range(tracks)]


def _artist(chance: Chance) -> Named:
    make = chance.choice(
        (_slashed, _instead, _instead, _dotted, _and, _and, _hyphen, _apostrophe, _numbered, _list)
    )
    return make(chance)


def _word(chance: Chance, fewest: int = 2, most: int = 3) -> str:
    return invented(chance, SYLLABLES, fewest, most).capitalize()


def _slashed(chance: Chance) -> Named:
    one, other = _word(chance, 1, 1).upper(), _word(chance, 1, 2).upper()
    sign = chance.choice("/+*")
    return _named(f"{one}{sign}{other}", f"{one} {other}", f"{one}{other}")


def _instead(chance: Chance) -> Named:
    word = _word(chance, 2, 4)
    fitting = [sign for sign, letter in INSTEAD.items() if letter in word[1:]]
    if not fitting:
        return _instead(chance)
    sign = chance.choice(fitting)
    shown = word[0] + word[1:].replace(INSTEAD[sign], sign, 1)
    without = [shown.replace(sign, "")] if not sign.isdigit() else []
    return _named(shown, word, *without)


def _dotted(chance: Chance) -> Named:
    letters = chance.sample(LETTERS.upper(), 3)
    if chance.random() < 0.5:
        return _named(
            "".join(f"{letter}." for letter in letters), "".join(letters), ".".join(letters)
        )
    parts = [_word(chance, 1, 1).lower() for _ in range(3)]
    return _named(".".join(parts), "".join(parts), " ".join(parts))


def _and(chance: Chance) -> Named:
    one, other = _word(chance), _word(chance)
    sign = chance.choice(["N'", "&", "'n'", "And"])
    joined = f"{one}n{other}" if sign != "And" else f"{one} & {other}"
    return _named(f"{one} {sign} {other}", f"{one} and {other}", f"{one} n {other}", joined)


def _hyphen(chance: Chance) -> Named:
    one, other = _word(chance, 1, 2), _word(chance, 1, 2)
    return _named(f"{one}-{other}", f"{one}{other}", f"{one} {other}")


def _apostrophe(chance: Chance) -> Named:
    first, word = chance.choice(["O", "D", "L"]), _word(chance)
    return _named(f"{first}'{word}", f"{first}{word}", f"{first} {word}", f"{first}’{word}")  # noqa: RUF001


def _numbered(chance: Chance) -> Named:
    word, number = _word(chance), chance.randint(12, 990)
    return _named(f"{word}-{number}", f"{word} {number}", f"{word}{number}")


def _list(chance: Chance) -> Named:
    one, two, three = (_word(chance) for _ in range(3))
    shown = f"{one}, {two} & {three}"
    return _named(shown, f"{one} {two} {three}", f"{one} {two} and {three}")


def _title(chance: Chance) -> Named:
    words = phrase(chance, 1, 2)
    match chance.randrange(7):
        case 0 | 1:
            return _without_signs(f"{chance.choice(CONTRACTED)} {words}")
        case 2:
            return _without_signs(f"{words}{chance.choice(['?', '!', '...'])}")
        case 3:
            other = phrase(chance, 1, 1)
            return _without_signs(f"{words} / {other}")
        case 4:
            return _without_signs(f"({chance.choice(CONTRACTED)} {phrase(chance, 1, 1)}) {words}")
        case 5:
            other = phrase(chance, 1, 1)
            return _named(f"{words} 'n' {other}", f"{words} n {other}", f"{words} and {other}")
        case _:
            return _without_signs(f"{phrase(chance, 1, 1)}, {words}")


def _without_signs(shown: str) -> Named:
    return _named(shown, " ".join(re.sub(r"[^\w\s]", "", shown).split()))


def _named(shown: str, *ways: str) -> Named:
    typed = dict.fromkeys(way.lower() for way in ways)
    return Named(shown, tuple(way for way in typed if way != shown.lower()))
