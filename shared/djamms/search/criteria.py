"""What was searched for: words, and the filters of the form."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from djamms.music.criteria import TrackFilter, read_filter

MAX_WORDS = 16


@dataclass(frozen=True, slots=True)
class SearchCriteria:
    """`words` has every token in lower case, the last perhaps unfinished."""

    words: tuple[str, ...]
    tracks: TrackFilter = field(default_factory=TrackFilter)

    @property
    def is_unbounded(self) -> bool:
        return self == SearchCriteria(words=())


def read_criteria(q: str, filters: Mapping[str, str | None]) -> SearchCriteria:
    """Raises Unprocessable, naming the filter whose word is unknown."""
    return SearchCriteria(split_words(q), read_filter(filters))


def split_words(text: str) -> tuple[str, ...]:
    """Runs of letters and digits, as the words of the search vector are parted."""
    return tuple(re.findall(r"\w+", text.lower().replace("_", " "))[:MAX_WORDS])
