"""What search asks of an engine. The contract tests run against every engine there is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from djamms.db.types import AnyRow
from djamms.search.criteria import SearchCriteria

# Further matches of words cannot be reached by turning pages.
MOST_RESULTS = 10_000


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """`only_public` for guests: nothing hidden may show, not in counts nor in a correction."""

    criteria: SearchCriteria
    only_public: bool
    offset: int
    limit: int


@dataclass(frozen=True, slots=True)
class FacetCount:
    value: str
    tracks: int


@dataclass(frozen=True, slots=True)
class SearchResult:
    """`tracks` are rows of `music.repository.TRACK_COLUMNS`, best first. `total` is the same on
    every page; when `total_is_exact` is false there are so many at least. Facets count the best
    `faceted_tracks`, which are all when there are few."""

    tracks: Sequence[AnyRow]
    total: int
    total_is_exact: bool
    facets: Mapping[str, Sequence[FacetCount]]
    faceted_tracks: int
    did_you_mean: str | None


class SearchEngine(Protocol):
    @property
    def name(self) -> str: ...

    def search(self, request: SearchRequest) -> SearchResult: ...
