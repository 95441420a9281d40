"""Where a text matches, as HTML: what matched stands between <em> and </em>."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from html import escape
from typing import NamedTuple

from djamms.genres import PLAIN
from djamms.search.tokens import CJK_LETTERS

# As `search_split` has them: one is a letter, the others stand inside of words.
READ_AS = {"$": "s"}
INSIDE = frozenset("'`\u2018\u2019")
RUNS = re.compile(f"[{CJK_LETTERS}]+|[^{CJK_LETTERS}]+")
CJK = re.compile(f"[{CJK_LETTERS}]")
LONGEST_WORD = 60


class Word(NamedTuple):
    """A word without accents, and where each of its letters stands in the text."""

    plain: str
    places: list[int]

    @property
    def span(self) -> tuple[int, int]:
        return self.places[0], self.places[-1] + 1


def highlight(text: str, words: Collection[str]) -> str | None:
    """The text as HTML, with the words that are among `words` marked in their own spelling; None
    when none is. `words` are plain: lower case, no accents; what is written as several words and
    is one of them together is marked too, and a script without spaces by its letters."""
    parts, end = [], 0
    for start, stop in _merged(sorted(_spans(list(_words(text)), words))):
        parts += [escape(text[end:start]), "<em>", escape(text[start:stop]), "</em>"]
        end = stop
    return "".join([*parts, escape(text[end:])]) if parts else None


def _spans(found: list[Word], words: Collection[str]) -> Iterator[tuple[int, int]]:
    for first, word in enumerate(found):
        if CJK.match(word.plain):
            yield from _inside(word, words)
        joined = ""
        for last in found[first:]:
            joined = (joined + last.plain)[:LONGEST_WORD]
            if joined in words:
                yield word.span[0], last.span[1]
            if not any(one.startswith(joined) and one != joined for one in words):
                break


def _inside(word: Word, words: Collection[str]) -> Iterator[tuple[int, int]]:
    for part in words:
        for match in re.finditer(f"(?={re.escape(part)})", word.plain) if part else ():
            last = match.start() + len(part) - 1
            yield word.places[match.start()], word.places[last] + 1


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, stop in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(stop, merged[-1][1])
        else:
            merged.append((start, stop))
    return merged


def _words(text: str) -> Iterator[Word]:
    letters: list[tuple[str, int]] = []
    for place, letter in enumerate(text):
        plain = _plain(text, place)
        if plain:
            letters += [(one, place) for one in plain]
        elif letter not in INSIDE and not unicodedata.combining(letter):
            yield from _parted(letters)
            letters = []
    yield from _parted(letters)


def _parted(letters: list[tuple[str, int]]) -> Iterator[Word]:
    """A word of Latin letters is none with the Chinese ones beside it."""
    whole = "".join(letter for letter, _ in letters)
    for run in RUNS.finditer(whole):
        yield Word(run[0], [place for _, place in letters[run.start() : run.end()]])


def _plain(text: str, place: int) -> str:
    """What a letter is compared as; empty for what is none."""
    letter = text[place]
    if (
        letter == "!"
        and text[place - 1 : place].isalnum()
        and text[place + 1 : place + 2].isalnum()
    ):
        return "i"
    compatible = unicodedata.normalize("NFKC", READ_AS.get(letter, letter)).translate(PLAIN)
    bases = (_base(one) for one in compatible)
    return "".join(one for one in "".join(bases).lower() if one.isalnum())


def _base(letter: str) -> str:
    """Marks fall off Latin letters only, as the server's `unaccent` has it."""
    parts = unicodedata.normalize("NFKD", letter)
    return parts[0] if parts[:1].isascii() else letter
