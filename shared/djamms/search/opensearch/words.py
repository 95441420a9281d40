"""A query's words, in the letters that the analyzers of the index leave."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from djamms.search.tokens import WEAK_WORDS

MOST_WORDS = 12
LONGEST_WORD = 60
CJK = (
    r"\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u318f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    r"\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
)
# What has no base letter with a mark: as the `asciifolding` of the index has it.
PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ß": "ss", "ẞ": "ss"}
    | {"æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ŋ": "n", "ĸ": "q", "ƒ": "f"}
)
# What the index folds beside it.
FOLDS = {"ё": "е", "Ё": "е"} | {
    one: unicodedata.normalize("NFD", one)[0]
    for one in map(chr, [*range(0x370, 0x400), *range(0x1F00, 0x2000)])
    if len(unicodedata.normalize("NFD", one)) > 1 and unicodedata.normalize("NFD", one)[0].isalpha()
}
APOSTROPHES = "'`\u2018\u2019\u02bc\u00b4\u2032"
SIGNS = {"$": "s"} | dict.fromkeys(APOSTROPHES, "")
_FOLDS = str.maketrans(FOLDS)
_SIGNS = str.maketrans(SIGNS)
_PARTS = re.compile(rf"[{CJK}]+|[^\W_{CJK}]+")


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
    parts = (part[:LONGEST_WORD] for part in _PARTS.findall(fold(text)))
    return [Word(part, bool(re.match(rf"[{CJK}]", part))) for part in parts]


def asked(phrase: str) -> list[Word]:
    """The words that are looked for, each once; the last may be unfinished."""
    return list(dict.fromkeys(split(phrase)))[:MOST_WORDS]


def joined(words: Sequence[Word]) -> str:
    return "".join(word.text for word in words)


def _base(letter: str) -> str:
    """Without marks, where they are Latin or Greek; in other scripts they are letters."""
    if letter < "\u0080":
        return letter
    first, *marks = unicodedata.normalize("NFD", letter)
    if unicodedata.combining(first):
        return ""
    return first if marks and ("a" <= first.lower() <= "z") else letter
