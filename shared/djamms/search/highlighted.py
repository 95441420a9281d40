"""Which letters of a name were typed, as HTML."""

import re
import unicodedata
from difflib import SequenceMatcher
from html import escape

WORD = re.compile(r"\w+")
# So much alike are two words that differ by one slip.
ALIKE = 0.7
SHORTEST_SLIPPED = 4


def folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def words_of(text: str) -> list[str]:
    return WORD.findall(folded(text))


def joined(text: str) -> str:
    return "".join(words_of(text))


def highlighted(name: str, phrase: str) -> str:
    """What was typed of each word, or a whole word that is like it, between <em> and </em>."""
    typed = sorted(words_of(phrase), key=len, reverse=True)
    marked, end = [], 0
    for found in WORD.finditer(name):
        length = _matched(found.group(), typed)
        if length:
            start, stop = found.start(), found.start() + length
            marked += [escape(name[end:start]), "<em>", escape(name[start:stop]), "</em>"]
            end = stop
    return "".join([*marked, escape(name[end:])])


def _matched(word: str, typed: list[str]) -> int:
    """How many letters of the word."""
    plain = folded(word)
    for one in typed:
        if plain.startswith(one):
            return _letters(word, len(one))
    for one in typed:
        beginning = plain[: len(one)]
        if len(one) >= SHORTEST_SLIPPED and SequenceMatcher(None, beginning, one).ratio() >= ALIKE:
            return len(word)
    return 0


def _letters(word: str, plain: int) -> int:
    """How many letters of the word so many plain ones are: "ß" is two."""
    for count in range(1, len(word) + 1):
        if len(folded(word[:count])) >= plain:
            is_open = count < len(word) and unicodedata.combining(word[count])
            return count + 1 if is_open else count
    return len(word)
