"""Names as HTML in which what the query found stands between <em> and </em>."""

import re
from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby
from uuid import UUID

from djamms.db.types import AnyRow
from djamms.search.opensearch.analysis import PART_LETTERS
from djamms.search.opensearch.near import distance, slips
from djamms.search.opensearch.words import CJK, Word, joined, split

FIELDS = ("title", "artist", "album")
# Letters of scripts without spaces one by one, words of others with the signs inside of them.
_PIECES = re.compile(rf"[{CJK}]|[^\W_{CJK}]+(?:['\u2019!$]+[^\W_{CJK}]+)*|.", re.DOTALL)


def highlights(words: Sequence[Word], tracks: Sequence[AnyRow]) -> Mapping[UUID, Mapping[str, str]]:
    return {track.id: _of_track(words, track) for track in tracks}


def _of_track(words: Sequence[Word], track: AnyRow) -> dict[str, str]:
    marked = ((field, highlight(getattr(track, field) or "", words)) for field in FIELDS)
    return {field: text for field, text in marked if text is not None}


def highlight(text: str, words: Sequence[Word]) -> str | None:
    """None when nothing in it was found."""
    pieces = [(one, _is_found(one, words)) for one in _PIECES.findall(text)]
    if not any(found for _, found in pieces):
        return None
    return "".join(
        f"<em>{_html(run)}</em>" if found else _html(run)
        for found, run in (
            (found, [one for one, _ in group]) for found, group in groupby(pieces, lambda p: p[1])
        )
    )


def _html(pieces: Sequence[str]) -> str:
    return escape("".join(pieces))


def _is_found(piece: str, words: Sequence[Word]) -> bool:
    name = joined(split(piece))
    return bool(name) and any(_means(word, name, word is words[-1]) for word in words)


def _means(word: Word, name: str, is_last: bool) -> bool:
    if word.text == name or word.is_cjk:
        return name in word.text
    if name.startswith(word.text) and (is_last or len(word.text) >= PART_LETTERS):
        return True
    if min(len(word.text), len(name)) >= PART_LETTERS and (word.text in name or name in word.text):
        return True
    most = slips(word.text)
    return most > 0 and distance(word.text, name, most) <= most
