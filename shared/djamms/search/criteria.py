"""What was searched for: words, and the filters of the form."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from djamms.music.criteria import TrackFilter, read_filter


@dataclass(frozen=True, slots=True)
class SearchCriteria:
    """`phrase` is as typed, its last word perhaps unfinished; engines know words in their own
    ways. It is empty when there is neither letter nor digit in it."""

    phrase: str = ""
    tracks: TrackFilter = field(default_factory=TrackFilter)

    @property
    def is_unbounded(self) -> bool:
        return self == SearchCriteria()


def read_criteria(q: str, filters: Mapping[str, str | None]) -> SearchCriteria:
    """Raises Unprocessable, naming the filter whose word is unknown."""
    phrase = _clean(q) if re.search(r"[^\W_]", q) else ""
    given = {name: value and _clean(value) for name, value in filters.items()}
    return SearchCriteria(phrase, read_filter(given))


def _clean(text: str) -> str:
    """PostgreSQL knows no zero byte."""
    return text.replace("\0", " ").strip()
