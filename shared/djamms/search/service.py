"""Search: reads what was asked, lets the engine find it, presents what it found."""

from collections.abc import Sequence

from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow
from djamms.music.criteria import TrackFilter
from djamms.music.list_repository import Start, count_tracks, page_by_number
from djamms.music.sorting import Sort, SortField, read_sort
from djamms.search.analytics.recording import Recording
from djamms.search.analytics.searcher import NOBODY, Visitor
from djamms.search.criteria import read_criteria
from djamms.search.engine import SearchEngine, SearchRequest, SearchResult
from djamms.search.postgres import PostgresEngine
from djamms.search.presenter import present
from djamms.search.schemas import SearchQuery
from djamms.security.principal import Principal

# What is sorted by where nothing else is asked for.
RELEVANCE = "relevance"


def search(
    database: Database, *, principal: Principal, query: SearchQuery, visitor: Visitor = NOBODY
) -> bytes:
    """A `SearchReply` as JSON. Raises Unprocessable for a filter word that is unknown."""
    recording = Recording.begin(principal, visitor, query)
    found = find(database, engine_for(database), principal, query)
    reply = present(found, query, recording.id)
    recording.end(database, total=found.total, engine=found.engine, degraded=found.degraded)
    return reply


def find(
    database: Database, engine: SearchEngine, principal: Principal, query: SearchQuery
) -> SearchResult:
    criteria = read_criteria(query.q, query.filters())
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
        return SearchResult([], 0, True, {}, 0, None, engine.name)
    if criteria.is_unbounded:
        return _everything(database, principal, request, engine.name)
    return engine.search(request)


def _sort(query: SearchQuery) -> Sort | None:
    """None: the best first, whatever `order` says."""
    by_rank = query.sort in (None, "", RELEVANCE)
    asked = read_sort(None if by_rank else query.sort, query.order)
    return None if by_rank else asked


def engine_for(database: Database) -> SearchEngine:
    return PostgresEngine(database)


def _everything(
    database: Database, principal: Principal, request: SearchRequest, engine: str
) -> SearchResult:
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
    return SearchResult(tracks, total, True, {}, 0, None, engine)
