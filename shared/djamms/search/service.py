"""Search with what PostgreSQL offers: full text, filters, and counts of what else there is."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms.music.criteria import TrackFilter
from djamms.music.list_repository import count_tracks
from djamms.music.presenter import TrackPresenter
from djamms.music.repository import find_tracks
from djamms.search import repository
from djamms.search.criteria import SearchCriteria, read_criteria
from djamms.search.schemas import FacetValue, SearchReply
from djamms.security.principal import Principal

ENGINE = "postgres"
FACET_VALUES = 20


@dataclass(frozen=True, slots=True)
class Found:
    track_ids: list[UUID]
    total: int
    facets: dict[str, list[FacetValue]]


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
    offset = (page - 1) * limit
    if criteria.is_unbounded:
        found = _everything(database, principal, offset, limit)
    else:
        found = _find(database, principal, criteria, offset, limit)
    present = TrackPresenter().track
    rows = find_tracks(database, principal=principal, track_ids=found.track_ids)
    return SearchReply(
        tracks=[present(row) for row in rows],
        total=found.total,
        query=q,
        filters={name: value for name, value in filters.items() if value},
        facets=found.facets,
        page=page,
        limit=limit,
        engine=ENGINE,
    )


def _everything(database: Database, principal: Principal, offset: int, limit: int) -> Found:
    """Nothing was asked: the most popular tracks, and no facets, for nothing is narrowed."""
    ids = repository.popular_tracks(database, principal=principal, offset=offset, limit=limit)
    total = count_tracks(database, principal=principal, criteria=TrackFilter())
    return Found(list(ids), total, {})


def _find(
    database: Database, principal: Principal, criteria: SearchCriteria, offset: int, limit: int
) -> Found:
    counts: dict[str, list[FacetValue]] = defaultdict(list)
    places: list[tuple[float, UUID]] = []
    total = 0
    for kind, value, number in repository.search(
        database, principal=principal, criteria=criteria, offset=offset, limit=limit
    ):
        if kind == "track":
            places.append((number, UUID(value)))
        elif kind == "total":
            total = int(number)
        elif value is not None:
            counts[kind].append(FacetValue(value=value, count=int(number)))
    facets = {kind: _most_frequent(values) for kind, values in counts.items()}
    return Found([track_id for _, track_id in sorted(places)], total, facets)


def _most_frequent(values: list[FacetValue]) -> list[FacetValue]:
    return sorted(values, key=lambda facet: (-facet.count, facet.value))[:FACET_VALUES]
