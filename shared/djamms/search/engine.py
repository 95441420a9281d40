"""What search asks of an engine. The contract tests run against every engine there is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol
from uuid import UUID

from djamms.db.types import AnyRow
from djamms.music.sorting import Sort
from djamms.search.criteria import SearchCriteria
from djamms.search.kinds import Kind
from djamms.security.principal import Principal

# Further matches of words cannot be reached by turning pages.
MOST_RESULTS = 10_000
# Where nothing had to be asked.
NO_ENGINE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """A page of tracks. What `viewer` cannot see shows nowhere: not in counts, facets, nor in a
    correction. Without `sort` the best come first."""

    criteria: SearchCriteria
    viewer: Principal
    offset: int
    limit: int
    sort: Sort | None = None
    highlights: bool = False
    explains: bool = False


@dataclass(frozen=True, slots=True)
class FacetCount:
    value: str
    tracks: int


# How a word of the query came to a word of the track: as typed, as its beginning, as a part of it,
# by so many edits, split in two or joined.
type How = Literal["exact", "prefix", "part", "fuzzy", "split", "joined"]


@dataclass(frozen=True, slots=True)
class Match:
    word: str
    field: Literal["title", "artist", "album", "tags"]
    how: How


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a track's place comes from: `score` is the sum of the three others."""

    score: float
    text: float
    popularity: float
    freshness: float
    matched: Sequence[Match] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """`tracks` are rows of `music.repository.TRACK_COLUMNS`, best first. `total` is the same on
    every page; when `total_is_exact` is false there are so many at least. A facet counts what all
    filters but its own leave, of the best `faceted_tracks`, which are all when there are few.
    `highlights`: by track and field, HTML in which the matches stand between <em> and </em>; it and
    `explanations` are empty unless asked for. `degraded`: another engine should have answered."""

    tracks: Sequence[AnyRow]
    total: int
    total_is_exact: bool
    facets: Mapping[str, Sequence[FacetCount]]
    faceted_tracks: int
    did_you_mean: str | None
    engine: str
    degraded: bool = False
    highlights: Mapping[UUID, Mapping[str, str]] = field(default_factory=dict)
    explanations: Mapping[UUID, Explanation] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestRequest:
    """Names that go on as `phrase` does, its slips forgiven: up to `limit` of each kind."""

    phrase: str
    viewer: Principal
    kinds: Sequence[Kind]
    limit: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`keys`: the id of a track or playlist, an artist's key in `artist_counts`, or an album's and
    its artist's in `album_counts`; its name is read there, see `named_repository`. `score` compares
    within one kind only."""

    kind: Kind
    keys: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Best first within each kind."""

    found: Sequence[Suggestion]
    engine: str
    degraded: bool = False


class SearchEngine(Protocol):
    @property
    def name(self) -> str: ...

    def search(self, request: SearchRequest) -> SearchResult: ...

    def suggest(self, request: SuggestRequest) -> Suggestions: ...
