"""What was searched for: a phrase, and the filters of the form."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from djamms.music.criteria import Bounds, read_filter

HAS_A_WORD = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class SearchCriteria:
    """What was asked. `phrase` is as typed, its last word perhaps unfinished; engines know words
    in their own ways. It is empty when there is neither letter nor digit in it."""

    phrase: str = ""
    genre: str | None = None
    artist: str | None = None
    year: Bounds | None = None
    duration_seconds: Bounds | None = None
    bitrate_kbps: Bounds | None = None
    popularity: Bounds | None = None

    @property
    def is_unbounded(self) -> bool:
        return self == SearchCriteria()


def read_criteria(q: str, filters: Mapping[str, str | None]) -> SearchCriteria:
    """Raises Unprocessable, naming the filter whose word is unknown."""
    wanted = read_filter({name: _clean(value or "") for name, value in filters.items()})
    return SearchCriteria(
        phrase=_clean(q) if HAS_A_WORD.search(q) else "",
        genre=wanted.genre,
        artist=wanted.artist,
        year=wanted.year,
        duration_seconds=wanted.duration_seconds,
        bitrate_kbps=wanted.bitrate_kbps,
        popularity=wanted.popularity,
    )


def _clean(text: str) -> str:
    """PostgreSQL knows no zero byte."""
    return text.replace("\0", " ").strip()
