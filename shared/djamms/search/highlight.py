"""Where a text matches, as HTML: what matched stands between <em> and </em>."""

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from html import escape
from typing import NamedTuple

from djamms.search.slips import begins_with_slip
from djamms.search.words import LONGEST_WORD, PARTS, is_cjk, said

# A word of fewer letters is not one that was slipped on, nor several in one.
SHORTEST = 4
# Texts whose words are kept: a name is looked at several times, and with each letter that is typed.
MOST_KEPT = 1000


class Placed(NamedTuple):
    """A word without accents, and where each of its letters stands in the text."""

    plain: str
    places: Sequence[int]

    def span(self, start: int, stop: int) -> tuple[int, int]:
        return self.places[start], self.places[stop - 1] + 1


def highlight(text: str, words: Collection[str]) -> str | None:
    """The text as HTML, with the words that are among `words` marked in their own spelling; None
    when none is. `words` are plain: lower case, no accents; what is written as several words and
    is one of them together is marked too, and a script without spaces by its letters."""
    spans = list(_spans(_placed(text), words))
    return _marked(text, spans) if spans else None


def highlight_typed(text: str, phrase: str) -> str:
    """The same for what is still being typed: of a word as much as was typed, all of it where it
    was slipped on."""
    words, wanted = _placed(text), _wanted(phrase)
    whole = Placed(
        "".join(one.plain for one in words), [place for one in words for place in one.places]
    )
    spans, start = list[tuple[int, int]](), 0
    for word in words:
        spans += _begun(word, whole, start, wanted)
        start += len(word.plain)
    return _marked(text, spans)


@lru_cache(maxsize=MOST_KEPT)
def _wanted(phrase: str) -> Sequence[str]:
    """The words that were typed, the longest first, and all of them as one."""
    typed = plain_words(phrase)
    return [*sorted(set(typed), key=len, reverse=True), "".join(typed)]


def plain_words(text: str) -> list[str]:
    return [word.plain for word in _placed(text)]


def _spans(found: Sequence[Placed], words: Collection[str]) -> Iterator[tuple[int, int]]:
    for first, word in enumerate(found):
        if is_cjk(word.plain):
            yield from _inside(word, words)
        joined = ""
        for last in found[first:]:
            joined = (joined + last.plain)[:LONGEST_WORD]
            if joined in words:
                yield word.places[0], last.places[-1] + 1
            if not any(one.startswith(joined) and one != joined for one in words):
                break


def _inside(word: Placed, words: Collection[str]) -> Iterator[tuple[int, int]]:
    for part in filter(None, words):
        start = word.plain.find(part)
        while start >= 0:
            yield word.span(start, start + len(part))
            start = word.plain.find(part, start + 1)


def _begun(
    word: Placed, whole: Placed, start: int, typed: Sequence[str]
) -> Iterator[tuple[int, int]]:
    """How much was typed of the word that `whole` has at `start`, or of several written as one."""
    if is_cjk(word.plain):
        yield from _inside(word, typed)
        return
    for one in typed:
        bears = len(one) <= len(word.plain) or len(one) >= SHORTEST
        if bears and whole.plain.startswith(one, start):
            yield whole.span(start, start + len(one))
            return
    if any(_is_slip(word.plain, one) for one in typed):
        yield word.span(0, len(word.plain))


def _is_slip(word: str, typed: str) -> bool:
    return len(typed) >= SHORTEST and begins_with_slip(word, typed)


def _marked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    parts, end = [], 0
    for start, stop in _merged(sorted(spans)):
        parts += [escape(text[end:start]), "<em>", escape(text[start:stop]), "</em>"]
        end = stop
    return "".join([*parts, escape(text[end:])])


def _merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, stop in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(stop, merged[-1][1])
        else:
            merged.append((start, stop))
    return merged


@lru_cache(maxsize=MOST_KEPT)
def _placed(text: str) -> Sequence[Placed]:
    letters = [(one, place) for place in range(len(text)) for one in said(text, place)]
    plain = "".join(letter for letter, _ in letters)
    places = [place for _, place in letters]
    return [Placed(part[0], places[part.start() : part.end()]) for part in PARTS.finditer(plain)]
