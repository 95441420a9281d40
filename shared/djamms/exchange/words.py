"""Names as words that can be compared: no case, no accents, no punctuation."""

import re
import unicodedata

# Letters that no decomposition takes apart.
LETTERS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "\u0131": "i",
        "ħ": "h",
    }
)
APOSTROPHES = re.compile("['\u2018\u2019\u02bc`\u00b4]")
ROCK_N_ROLL = re.compile("(?<=\\w)[ ]*['\u2018\u2019`]n['\u2018\u2019`]?[ ]*(?=\\w)", re.IGNORECASE)
WORD = re.compile(r"[^\W_]+")
ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8"}
PARTS = {"pt": "part", "pts": "part", "parts": "part", "vol": "volume", "nr": "no"}


def fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(one for one in decomposed if not unicodedata.combining(one))
    return unicodedata.normalize("NFC", plain).translate(LETTERS)


def words(text: str) -> list[str]:
    """'Rock & Roll, Pt. II' → rock and roll part 2"""
    text = ROCK_N_ROLL.sub(" and ", text)
    text = APOSTROPHES.sub("", text).replace("&", " and ").replace("+", " and ")
    found = [PARTS.get(word, word) for word in WORD.findall(fold(text))]
    return [
        ROMAN.get(word, word) if place and found[place - 1] in {"part", "volume"} else word
        for place, word in enumerate(found)
    ]


def is_latin(text: str) -> bool:
    """Whether it can be read aloud without knowing another script."""
    return all(one < "\u0250" for one in fold(text) if one.isalpha())


def edits(one: str, other: str, most: int) -> int:
    """Letters to add, drop, change or swap with a neighbour; `most` + 1 where it takes more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        earlier, before, row = before, row, [i] + [0] * len(other)
        for j, b in enumerate(other, start=1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                row[j] = min(row[j], earlier[j - 2] + 1)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def is_slip(one: list[str], other: list[str]) -> bool:
    """Whether one is the other mistyped: a letter here and there, never a first one or a figure."""
    if "".join(one) == "".join(other):
        return True
    if len(one) != len(other):
        return False
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    return len(pairs) <= 2 and all(_is_slip_of_word(a, b) for a, b in pairs)


def _is_slip_of_word(one: str, other: str) -> bool:
    if not (one.isalpha() and other.isalpha()) or one[0] != other[0]:
        return False
    return min(len(one), len(other)) >= 4 and edits(one, other, 1) == 1


def likeness(one: list[str], other: list[str]) -> float:
    """0 to 1, by words in common; those that are a slip apart count for most of one."""
    if not one or not other:
        return 0.0
    left, common = list(other), 0.0
    for word in one:
        near = word if word in left else next((w for w in left if _is_slip_of_word(word, w)), None)
        if near is not None:
            left.remove(near)
            common += 1.0 if near == word else 0.8
    return 2 * common / (len(one) + len(other))
