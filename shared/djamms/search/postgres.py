"""Search on PostgreSQL alone: the vocabulary says what a word may stand for, the index has it."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy.orm import Session as Database

from djamms.search import repository
from djamms.search.engine import FacetCount, SearchRequest, SearchResult
from djamms.search.filters import PUBLIC, Filters, artist_terms, read_filters
from djamms.search.plan import plan, required
from djamms.search.repository import Found, Window
from djamms.search.tokens import Token

# Matches are read, ranked and counted by blocks of so many, the most popular first. What a block
# costs is what the broadest search costs.
BLOCK = 1000
# Further matches cannot be reached by turning pages.
MOST_RESULTS = 10_000
FACET_VALUES = 20


class PostgresEngine:
    name = "postgres"

    def __init__(self, database: Database) -> None:
        self._database = database

    def search(self, request: SearchRequest) -> SearchResult:
        """As typed; when that finds nothing, with other words for each word; then with one less."""
        filters = self._filters(request)
        tokens = self._look_up(request)
        if not tokens:
            return self._filtered(request, filters)
        result = self._find(request, filters, tokens)
        if not result.total and any(token.is_known for token in tokens):
            wider = self._look_up(request, widely=True)
            result = self._find(request, filters, wider)
        if not result.total and _can_be_looser(tokens):
            result = self._find(request, filters, tokens, loosely=True)
        return result

    def _filters(self, request: SearchRequest) -> Filters:
        filters = read_filters(request.criteria.tracks, only_public=request.only_public)
        if artist := request.criteria.tracks.artist:
            words = repository.words_holding(
                self._database, phrase=artist, only_public=request.only_public
            )
            filters.terms += artist_terms(words)
            filters.conditions.append(repository.ARTIST_CONTAINS)
            filters.values["artist_part"] = artist
        return filters

    def _look_up(self, request: SearchRequest, *, widely: bool = False) -> list[Token]:
        if not request.criteria.phrase:
            return []
        found = repository.look_up(
            self._database,
            phrase=request.criteria.phrase,
            only_public=request.only_public,
            enough=BLOCK,
            widely=widely,
        )
        return [Token.read(token) for token in found]

    def _find(
        self,
        request: SearchRequest,
        filters: Filters,
        tokens: Sequence[Token],
        *,
        loosely: bool = False,
    ) -> SearchResult:
        wanted = plan(tokens, filters=filters.terms, enough=BLOCK, loosely=loosely)
        window = _window(request)
        if window is None:
            return SearchResult((), MOST_RESULTS, False, {}, None)
        found = repository.find(
            self._database,
            plan=wanted,
            conditions=filters.conditions,
            values=filters.values,
            window=window,
        )
        return _result(found, window, did_you_mean=_correction(tokens) if found.total else None)

    def _filtered(self, request: SearchRequest, filters: Filters) -> SearchResult:
        """No words: the most popular of what the filters leave."""
        if request.only_public:
            filters.terms.append(PUBLIC)
        return self._find(request, filters, ())


def _window(request: SearchRequest) -> Window | None:
    """The blocks that hold the page; None when it lies behind all that can be reached."""
    end = min(request.offset + request.limit, MOST_RESULTS)
    if request.offset >= end:
        return None
    skipped = request.offset // BLOCK * BLOCK
    return Window(
        size=-(-end // BLOCK) * BLOCK,
        block=BLOCK,
        skipped=skipped,
        offset=request.offset - skipped,
        limit=end - request.offset,
    )


def _result(found: Found, window: Window, *, did_you_mean: str | None) -> SearchResult:
    facets: defaultdict[str, list[FacetCount]] = defaultdict(list)
    for kind, value, tracks in found.facets:
        facets[kind].append(FacetCount(value, tracks))
    return SearchResult(
        tracks=found.tracks,
        total=found.total,
        total_is_exact=found.total < window.size,
        facets={kind: _most_frequent(values) for kind, values in facets.items()},
        did_you_mean=did_you_mean,
    )


def _most_frequent(values: list[FacetCount]) -> list[FacetCount]:
    return sorted(values, key=lambda facet: (-facet.tracks, facet.value))[:FACET_VALUES]


def _can_be_looser(tokens: Sequence[Token]) -> bool:
    needed = required(tokens)
    found = sum(token.is_found for token in needed)
    return len(needed) > 2 or 0 < found < len(needed)


def _correction(tokens: Sequence[Token]) -> str | None:
    """The query in words of the library; None when it was in them already."""
    guess = " ".join(token.best_guess for token in tokens)
    return None if guess == " ".join(token.word for token in tokens) else guess
