"""Search on PostgreSQL alone: the vocabulary says what a word may stand for, the index has it."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy.orm import Session as Database

from djamms.search import repository
from djamms.search.engine import MOST_RESULTS, FacetCount, SearchRequest, SearchResult
from djamms.search.filters import Filters, read_filters
from djamms.search.plan import Plan, plan, required, seen_last
from djamms.search.repository import Found, Window
from djamms.search.tokens import Token

# Matches are read, ranked and counted by blocks of so many, the most popular first. What a block
# costs is what the broadest search costs.
BLOCK = 500
FACET_VALUES = 20
# To look at so many tracks takes too long.
FAR_REACH = 30_000


class PostgresEngine:
    name = "postgres"

    def __init__(self, database: Database) -> None:
        self._database = database

    def search(self, request: SearchRequest) -> SearchResult:
        """As typed; when that finds nothing, with other words for each word; then with one less."""
        filters = self._filters(request)
        tokens = self._look_up(request)
        result = self._find(request, filters, tokens)
        if not result.total and any(token.is_known for token in tokens):
            wider = self._look_up(request, widely=True)
            result = self._find(request, filters, wider)
        if not result.total and _can_be_looser(tokens):
            result = self._find(request, filters, tokens, loosely=True)
        return result

    def _filters(self, request: SearchRequest) -> Filters:
        filters = read_filters(request.criteria.tracks, only_public=request.only_public)
        if filters.artist:
            filters.values["artist_name"] = filters.artist
            filters.artist_reach = repository.artist_reach(
                self._database, name=filters.artist, only_public=request.only_public
            )
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
        wanted, conditions = _with_artist(wanted, filters)
        window = _window(request)
        found = repository.find(
            self._database,
            plan=wanted,
            conditions=conditions,
            values=filters.values,
            window=window,
        )
        certain = 0 if filters.narrow else min(wanted.certain, MOST_RESULTS)
        is_exact = found.total < window.size and found.total <= MOST_RESULTS
        return SearchResult(
            tracks=found.tracks,
            total=found.total if is_exact else max(min(found.total, MOST_RESULTS), certain),
            total_is_exact=is_exact,
            facets=_facets(found),
            did_you_mean=_correction(tokens) if found.total else None,
        )


def _with_artist(wanted: Plan, filters: Filters) -> tuple[Plan, list[str]]:
    """Whether the artist's name leads to the rows, or is looked at in those that are found."""
    if not filters.artist:
        return wanted, filters.conditions
    most = FAR_REACH if wanted.reach is None else min(wanted.reach, FAR_REACH)
    if filters.artist_reach is not None and filters.artist_reach < most:
        return seen_last(wanted), [*filters.conditions, repository.ARTIST_LIKE]
    return wanted, [*filters.conditions, repository.ARTIST_CONTAINS]


def _window(request: SearchRequest) -> Window:
    """The blocks that hold the page."""
    end = min(request.offset + request.limit, MOST_RESULTS)
    skipped = request.offset // BLOCK * BLOCK
    return Window(
        size=-(-end // BLOCK) * BLOCK,
        block=BLOCK,
        skipped=skipped,
        offset=request.offset - skipped,
        limit=max(end - request.offset, 0),
    )


def _facets(found: Found) -> dict[str, list[FacetCount]]:
    facets: defaultdict[str, list[FacetCount]] = defaultdict(list)
    for kind, value, tracks in found.facets:
        facets[kind].append(FacetCount(value, tracks))
    return {kind: _most_frequent(values) for kind, values in facets.items()}


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
