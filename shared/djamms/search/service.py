from collections import defaultdict

from sqlalchemy.orm import Session as Database

from djamms.music.presenter import TrackPresenter
from djamms.search import repository
from djamms.search.criteria import read_criteria
from djamms.search.schemas import FacetValue, SearchReply
from djamms.security.principal import Principal

ENGINE = "postgres"


def search(
    database: Database,
    *,
    principal: Principal,
    q: str,
    filters: dict[str, str | None],
    page: int,
    limit: int,
) -> SearchReply:
    criteria = read_criteria(q, filters)
    rows = repository.search_tracks(
        database,
        principal=principal,
        criteria=criteria,
        offset=(page - 1) * limit,
        limit=limit,
    )
    total = repository.count_matches(database, principal=principal, criteria=criteria)
    facets: dict[str, list[FacetValue]] = defaultdict(list)
    for row in repository.count_facets(database, principal=principal, criteria=criteria):
        facets[row.facet].append(FacetValue(value=row.value, count=row.count))
    present = TrackPresenter().track
    return SearchReply(
        tracks=[present(row) for row in rows],
        total=total,
        query=q,
        filters={name: value for name, value in filters.items() if value},
        facets=facets,
        page=page,
        limit=limit,
        engine=ENGINE,
    )
