"""Search: reads what was asked, lets the engine find it, presents what it found."""

from collections.abc import Sequence

from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow
from djamms.music.criteria import Sort, SortField, TrackFilter
from djamms.music.list_repository import Start, count_tracks, page_by_number
from djamms.music.presenter import TrackPresenter
from djamms.search.criteria import read_criteria
from djamms.search.engine import SearchEngine, SearchRequest, SearchResult
from djamms.search.postgres import PostgresEngine
from djamms.search.schemas import FacetValue, SearchReply
from djamms.security.principal import Principal


def search(
    database: Database,
    *,
    principal: Principal,
    q: str,
    filters: dict[str, str | None],
    page: int,
    limit: int,
) -> SearchReply:
    """Raises Unprocessable for a filter word that is unknown."""
    criteria = read_criteria(q, filters)
    engine = engine_for(database)
    request = SearchRequest(
        criteria, only_public=principal.is_guest, offset=(page - 1) * limit, limit=limit
    )
    if q.strip() and not criteria.phrase:
        result = SearchResult([], 0, True, {}, 0, None)  # signs only: nothing is called so
    elif criteria.is_unbounded:
        result = _everything(database, principal, request)
    else:
        result = engine.search(request)
    present = TrackPresenter().track
    return SearchReply(
        tracks=[present(row) for row in result.tracks],
        total=result.total,
        total_is_exact=result.total_is_exact,
        query=q,
        did_you_mean=result.did_you_mean,
        filters={name: value for name, value in filters.items() if value},
        facets={
            kind: [FacetValue(value=facet.value, count=facet.tracks) for facet in facets]
            for kind, facets in result.facets.items()
        },
        faceted_tracks=result.faceted_tracks,
        page=page,
        limit=limit,
        engine=engine.name,
    )


def engine_for(database: Database) -> SearchEngine:
    return PostgresEngine(database)


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
            sort=Sort(SortField.POPULARITY, descending=True),
            start=Start(request.offset),
            limit=request.limit,
        )
    return SearchResult(tracks, total, True, {}, 0, None)
