"""Search: reads what was asked, lets the engine find it, presents what it found."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow
from djamms.music.criteria import TrackFilter
from djamms.music.list_repository import Start, count_tracks, page_by_number
from djamms.music.sorting import Sort, SortField, read_sort
from djamms.search import suggesting
from djamms.search.analytics.recording import Recording
from djamms.search.analytics.searcher import NOBODY, Visitor
from djamms.search.criteria import read_criteria
from djamms.search.engine import NO_ENGINE, SearchEngine, SearchRequest, SearchResult
from djamms.search.fallback import FallbackEngine, search_breaker
from djamms.search.kinds import Kind
from djamms.search.opensearch.client import is_configured
from djamms.search.opensearch.order import is_elsewhere
from djamms.search.postgres import PostgresEngine
from djamms.search.presenter import present
from djamms.search.schemas import SearchQuery, SuggestionsReply, SuggestQuery
from djamms.search.suggesting import names_beside, read_kinds
from djamms.security.principal import Principal

# What is sorted by where nothing else is asked for.
RELEVANCE = "relevance"
NOTHING = SearchResult([], 0, True, {}, 0, None, NO_ENGINE)


def search(
    database: Database, *, principal: Principal, query: SearchQuery, visitor: Visitor = NOBODY
) -> bytes:
    """A `SearchReply` as JSON. Raises Unprocessable for a filter word that is unknown."""
    recording = Recording.begin(principal, visitor, query)
    engine = engine_for(database)
    found = find(database, engine, principal, query)
    beside = names_beside(database, engine, principal=principal, phrase=query.q, types=query.types)
    found = replace(
        found,
        engine=beside.engine if found.engine == NO_ENGINE else found.engine,
        degraded=found.degraded or beside.degraded,
    )
    reply = present(found, query, recording.id, beside.names)
    total = found.total + sum(len(named) for named in beside.names.values())
    recording.end(database, total=total, engine=found.engine, degraded=found.degraded)
    return reply


def find(
    database: Database, engine: SearchEngine, principal: Principal, query: SearchQuery
) -> SearchResult:
    criteria = read_criteria(query.q, query.filters())
    if Kind.TRACK not in read_kinds(query.types):
        return NOTHING
    request = SearchRequest(
        criteria=criteria,
        viewer=principal,
        offset=(query.page - 1) * query.limit,
        limit=query.limit,
        sort=_sort(query),
        highlights=query.highlight,
        explains=query.explain,
    )
    if query.q.strip() and not criteria.phrase:
        # Signs only: nothing is called so.
        return NOTHING
    if criteria.is_unbounded:
        return _everything(database, principal, request)
    if is_elsewhere(request.sort):
        return PostgresEngine(database).search(request)
    return engine.search(request)


def suggest(database: Database, *, principal: Principal, query: SuggestQuery) -> SuggestionsReply:
    """Raises Unprocessable for a kind that is unknown."""
    return suggesting.suggest(database, engine_for(database), principal=principal, query=query)


def _sort(query: SearchQuery) -> Sort | None:
    """None: the best first, whatever `order` says."""
    by_rank = query.sort in (None, "", RELEVANCE)
    asked = read_sort(None if by_rank else query.sort, query.order)
    return None if by_rank else asked


def engine_for(database: Database) -> SearchEngine:
    """OpenSearch where there is one, and PostgreSQL where that does not answer."""
    postgres = PostgresEngine(database)
    if not is_configured():
        return postgres
    from djamms.search.currency import kept
    from djamms.search.opensearch.engine import OpenSearchEngine  # 10 ms for who has one only
    from djamms.search.opensearch.probe import probe

    return FallbackEngine(
        OpenSearchEngine(database),
        postgres,
        search_breaker(),
        probe=probe,
        is_current=lambda: kept().read(database),
    )


def _everything(database: Database, principal: Principal, request: SearchRequest) -> SearchResult:
    """Nothing was asked: the most popular tracks, and no facets, for nothing is narrowed."""
    everything = TrackFilter()
    tracks: Sequence[AnyRow] = ()
    total = count_tracks(database, principal=principal, criteria=everything)
    if request.offset < total:
        tracks = page_by_number(
            database,
            principal=principal,
            criteria=everything,
            sort=request.sort or Sort(SortField.POPULARITY, descending=True),
            start=Start(request.offset),
            limit=request.limit,
        )
    return SearchResult(tracks, total, True, {}, 0, None, PostgresEngine.name)
