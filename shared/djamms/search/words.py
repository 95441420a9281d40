"""A query's words, in the letters that the analyzers of the index leave."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from djamms.search.tokens import CJK_LETTERS as CJK
from djamms.search.tokens import WEAK_WORDS

MOST_WORDS = 12
LONGEST_WORD = 60
# What has no base letter with a mark: as the `asciifolding` of the index has it.
PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "\u0131": "i", "ß": "ss", "ẞ": "ss"}
    | {"æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ŋ": "n", "ĸ": "q", "ƒ": "f"}
)
# What the index folds beside it.
FOLDS = {"\u0451": "\u0435", "\u0401": "\u0435", "\u2116": "no"} | {
    one: unicodedata.normalize("NFD", one)[0]
    for one in map(chr, [*range(0x370, 0x400), *range(0x1F00, 0x2000)])
    if len(unicodedata.normalize("NFD", one)) > 1 and unicodedata.normalize("NFD", one)[0].isalpha()
}
APOSTROPHES = "'`\u2018\u2019\u02bc\u00b4\u2032"
# Apart from these, tokenizers end words at signs.
PARTING = "_.,:;\u00b7\u2024\u2027\ufe13\ufe52\ufe55\uff07\uff0c\uff0e\uff1a\uff1b\uff3f"
SIGNS = {"$": "s"} | dict.fromkeys(APOSTROPHES, "") | dict.fromkeys(PARTING, " ")
_FOLDS = str.maketrans(FOLDS)
_SIGNS = str.maketrans(SIGNS)
_MARKS = "".join(
    one for one in map(chr, range(0x370, 0x3100)) if unicodedata.category(one)[0] == "M"
)
_CJK = re.compile(rf"[{CJK}]")
# So many letters are kept as they are said: more than a library has that is not Chinese.
MOST_LETTERS = 4096
PARTS = re.compile(rf"[{CJK}]+|(?:[^\W_{CJK}]|[{_MARKS}])+")


@dataclass(frozen=True, slots=True)
class Word:
    """`is_cjk`: letters of a script without spaces, which the index knows by ones and twos."""

    text: str
    is_cjk: bool

    @property
    def is_weak(self) -> bool:
        return self.text in WEAK_WORDS

    @property
    def grams(self) -> list[str]:
        if not self.is_cjk or len(self.text) == 1:
            return [self.text]
        return list(dict.fromkeys(self.text[at : at + 2] for at in range(len(self.text) - 1)))


def plain(text: str) -> str:
    """Lower case, without accents, one form of each letter."""
    letters = unicodedata.normalize("NFKC", text).translate(_FOLDS)
    return "".join(map(_base, letters)).lower().translate(PLAIN)


def fold(text: str) -> str:
    """Plain, and signs as they are said."""
    return re.sub(r"(?<=[^\W_])!(?=[^\W_])", "i", plain(text).translate(_SIGNS))


def split(text: str) -> list[Word]:
    """All words in their order."""
    parts = (part[:LONGEST_WORD] for part in PARTS.findall(fold(text)))
    return [Word(part, is_cjk(part)) for part in parts]


def is_cjk(word: str) -> bool:
    return bool(_CJK.match(word))


def said(text: str, place: int) -> str:
    """What `fold` makes of one letter of a text; nothing of a mark."""
    if text[place] == "!" and text[place - 1 : place].isalnum() and text[place + 1 :][:1].isalnum():
        return "i"
    return _said(text[place])


@lru_cache(maxsize=MOST_LETTERS)
def _said(letter: str) -> str:
    return plain(letter).translate(_SIGNS)


def asked(phrase: str) -> list[Word]:
    """The words that are looked for, each once; the last may be unfinished."""
    return list(dict.fromkeys(split(phrase)))[:MOST_WORDS]


def joined(words: Sequence[Word]) -> str:
    return "".join(word.text for word in words)


def _base(letter: str) -> str:
    """Without marks, where they are Latin or Greek; in other scripts they are letters."""
    if letter < "\u0080":
        return letter
    first, *marks = list(unicodedata.normalize("NFD", letter))
    if "\u0300" <= first <= "\u036f":
        return ""
    return first if marks and ("a" <= first.lower() <= "z") else letter
