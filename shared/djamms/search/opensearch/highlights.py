"""Names in which what the query found is marked."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from djamms.db.types import AnyRow
from djamms.search.highlight import highlight, plain_words
from djamms.search.opensearch.analysis import PART_LETTERS
from djamms.search.slips import distance, slips
from djamms.search.words import Word

FIELDS = ("title", "artist", "album")


def highlights(words: Sequence[Word], tracks: Sequence[AnyRow]) -> Mapping[UUID, Mapping[str, str]]:
    return {track.id: _of_track(words, track) for track in tracks}


def _of_track(words: Sequence[Word], track: AnyRow) -> dict[str, str]:
    names = {field: getattr(track, field) or "" for field in FIELDS}
    marked = ((field, highlight(name, set(_found(name, words)))) for field, name in names.items())
    return {field: text for field, text in marked if text is not None}


def _found(name: str, words: Sequence[Word]) -> Iterator[str]:
    """What of the name the query means; itself too, for what is written apart."""
    for word in words:
        yield from word.grams
    for one in plain_words(name):
        if any(_means(word, one, word is words[-1]) for word in words):
            yield one


def _means(word: Word, name: str, is_last: bool) -> bool:
    if word.is_cjk:
        return False
    if name.startswith(word.text) and (is_last or len(word.text) >= PART_LETTERS):
        return True
    if min(len(word.text), len(name)) >= PART_LETTERS and (word.text in name or name in word.text):
        return True
    most = slips(word.text)
    return most > 0 and distance(word.text, name, most) <= most
