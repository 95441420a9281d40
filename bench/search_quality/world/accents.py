"""Names with accents, and how those type them who have no such keys or other ones."""

import random
import unicodedata
from collections.abc import Sequence

from bench.catalogue import SYLLABLES
from bench.search_quality.world.names import Chance, Made, Named, invented, plainly

ACCENTED = {
    "a": "áàãâäåą", "c": "çčć", "d": "đď", "e": "éèëêęě", "i": "íïîì", "l": "ł", "n": "ñńň",
    "o": "öøóõôő", "r": "řŕ", "s": "šśş", "t": "ţť", "u": "üúůûű", "z": "žżź",
}  # fmt: skip
# Letters that are more than a letter and a mark, and how they are written without them.
PLAIN = str.maketrans({"đ": "d", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "ß": "ss"})
WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "ß": "ss"})


def accents(chance: Chance, tracks: int) -> Sequence[Made]:
    artist = _named(chance, 1, 2)
    return [plainly(_named(chance, 1, 3), artist) for _ in range(tracks)]


def _named(chance: Chance, fewest: int, most: int) -> Named:
    words = [invented(chance, SYLLABLES, 2, 4) for _ in range(chance.randint(fewest, most))]
    words[0] = _accented(words[0], chance)
    if chance.random() < 0.2:
        words.append(_with_ligature(chance))
    shown = " ".join(words).title()
    plain = without_marks(shown.lower())
    if chance.random() < 0.2:  # the tags lack them, and people know better
        return Named(plain.title(), (shown.lower(),))
    ways = (
        plain,
        shown.lower().translate(WRITTEN_OUT).translate(PLAIN),
        unicodedata.normalize("NFD", shown.lower()),
        _mistaken(shown.lower(), chance),
    )
    return Named(shown, tuple(dict.fromkeys(way for way in ways if way != shown.lower())))


def _accented(word: str, chance: Chance) -> str:
    places = [place for place, letter in enumerate(word) if letter in ACCENTED]
    letters = list(word)
    for place in chance.sample(places, min(len(places), chance.randint(1, 2))):
        letters[place] = chance.choice(ACCENTED[letters[place]])
    return "".join(letters)


def _with_ligature(chance: Chance) -> str:
    before, after = invented(chance, SYLLABLES, 1, 1), invented(chance, SYLLABLES, 1, 1)
    return f"{before}{chance.choice('æœß')}{after}"


def _mistaken(name: str, chance: random.Random) -> str:
    """Another accent on the same letter."""
    for place, letter in enumerate(name):
        others = ACCENTED.get(without_marks(letter), "").replace(letter, "")
        if letter != without_marks(letter) and others:
            return name[:place] + chance.choice(others) + name[place + 1 :]
    return name


def without_marks(text: str) -> str:
    parts = unicodedata.normalize("NFD", text)
    bare = "".join(part for part in parts if not unicodedata.combining(part))
    return unicodedata.normalize("NFC", bare).translate(PLAIN)
