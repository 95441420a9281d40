"""Alphabets of the Windows code pages, and how much a text looks like one of their languages."""

import re
from dataclasses import dataclass

# At least this share of common letters, rare ones counted against it twice.
THRESHOLD = 0.45
WORDS = re.compile(r"[^\W\d_]+")
# Neither a letter nor ASCII nor a quote, a dash, a space or a number sign.
STRANGE = re.compile("[^\\w\x00-\x7f\xa0\xab\xbb\u2013-\u2026\u2116]")
MIXED_CASE = re.compile("[\u03ac-\u03ce\u0430-\u045f][\u0386-\u03ab\u0400-\u042f]")


@dataclass(frozen=True)
class Alphabet:
    """`never` matches what no word of the language holds."""

    codec: str
    letters: re.Pattern[str]
    common: frozenset[str]
    rare: frozenset[str]
    vowels: frozenset[str]
    never: re.Pattern[str]

    def read(self, data: bytes) -> tuple[float, str]:
        """(above 0 when it may be this alphabet, the text)"""
        try:
            text = data.decode(self.codec)
        except UnicodeDecodeError:
            return -1, ""
        if STRANGE.search(text):
            return -1, ""
        words = [word for word in WORDS.findall(text) if not word.isascii()]
        if not words or not all(self.is_word(word) for word in words) or max(map(len, words)) < 3:
            return -1, ""
        return self.likeness("".join(words).lower()) - THRESHOLD, text

    def is_word(self, word: str) -> bool:
        return bool(self.letters.fullmatch(word)) and not (
            self.never.search(word) or MIXED_CASE.search(word)
        )

    def likeness(self, letters: str) -> float:
        count = len(letters)
        if self.vowels and not 0.2 <= sum(c in self.vowels for c in letters) / count <= 0.75:
            return 0
        common = sum(letter in self.common for letter in letters)
        return (common - 2 * sum(letter in self.rare for letter in letters)) / count


def alphabet(
    codec: str, letters: str, *, common: str, rare: str, vowels: str = "", never: str = r"(?!)"
) -> Alphabet:
    return Alphabet(
        codec,
        re.compile(letters),
        frozenset(common),
        frozenset(rare),
        frozenset(vowels),
        re.compile(never),
    )


CYRILLIC = alphabet(
    "cp1251",
    "[\u0400-\u045f\u0490\u0491]+",
    common="оеаинтсрвлкмдпу",
    rare="ъэфщё",
    vowels="аеёиоуыэюяіїє",
    # No word begins with a sign, nor has one behind a vowel.
    never="^[ьъЬЪ]|[аеёиоуыэюяАЕЁИОУЫЭЮЯ][ьъЬЪ]",
)
GREEK = alphabet(
    "cp1253",
    "[\u0386-\u03ce]+",
    common="αοιετνσηρπκλμςυάίόέή",
    rare="ϋΰϊΐψξζ",
    vowels="αεηιουωάέήίόύώϊϋΐΰ",
    # One accent a word; the two forms of sigma; what words end in.
    never="\u03c3$|ς.|[άέήίόύώ].*[άέήίόύώ]|[βγδζθκλμπτφχ]$",
)
HEBREW = alphabet(
    "cp1255",
    "[\u05d0-\u05ea]+",
    common="יוהלארמתבשנם",
    rare="ץףךזט",
    never="[ךםןףץ].|[כמנפצ]$",
)
ALPHABETS = (CYRILLIC, GREEK, HEBREW)
