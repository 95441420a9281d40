"""What search asks of an engine. The contract tests run against every engine there is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from djamms.db.types import AnyRow
from djamms.search.criteria import SearchCriteria

# Further matches cannot be reached by turning pages.
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
    """`tracks` are rows of `music.repository.TRACK_COLUMNS`, best first. When `total_is_exact` is
    false there are `total` at least, and facets count the best ones only."""

    tracks: Sequence[AnyRow]
    total: int
    total_is_exact: bool
    facets: Mapping[str, Sequence[FacetCount]]
    did_you_mean: str | None


class SearchEngine(Protocol):
    @property
    def name(self) -> str: ...

    def search(self, request: SearchRequest) -> SearchResult: ...
