"""What was meant, in words of what was found: so it can name nothing that is hidden."""

from collections.abc import Sequence
from itertools import pairwise

from djamms.db.types import AnyRow
from djamms.search.slips import distance, slips
from djamms.search.words import Word, split


def correction(words: Sequence[Word], best: AnyRow | None) -> str | None:
    """The query in words of the best track; None when it is in them already, or only in part."""
    if best is None:
        return None
    names = [split(name) for name in (best.title, best.artist, best.album or "")]
    meant = [_meant(word, names, is_last=word is words[-1]) for word in words]
    if None in meant or all(one == word.text for one, word in zip(meant, words, strict=True)):
        return None
    return " ".join(one for one in meant if one)


def _meant(word: Word, names: Sequence[Sequence[Word]], *, is_last: bool) -> str | None:
    """None when the track has nothing like it."""
    found = [one.text for name in names for one in name]
    if word.is_weak or word.text in found or word.is_cjk:
        return word.text
    if any(one.startswith(word.text) for one in found) and is_last:
        return word.text
    for name in names:
        for one, two in pairwise(name):
            if one.text + two.text == word.text:
                return f"{one.text} {two.text}"
    if apart := _halves(word.text, found):
        return apart
    most = slips(word.text)
    edits, near = min((distance(word.text, one, most), one) for one in found)
    if edits <= most:
        return near
    return word.text if _is_in(word.text, names) else None


def _halves(text: str, found: Sequence[str]) -> str | None:
    """Two words of different names that were written as one."""
    pairs = (f"{one} {text[len(one) :]}" for one in found if text.startswith(one))
    return next((pair for pair in pairs if pair.split()[-1] in found), None)


def _is_in(text: str, names: Sequence[Sequence[Word]]) -> bool:
    """A part of a word, or of words written as one."""
    return any(text in "".join(word.text for word in name) for name in names)
