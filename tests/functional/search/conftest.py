"""Every engine stands the same tests."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy.orm import Session

from djamms.models.track import Track
from djamms.models.user import Role
from djamms.search.criteria import read_criteria
from djamms.search.engine import NO_ENGINE, SearchEngine, SearchRequest, SearchResult
from djamms.search.opensearch.engine import OpenSearchEngine
from djamms.search.postgres import PostgresEngine
from djamms.search.schemas import SuggestQuery
from djamms.search.suggesting import suggest
from djamms.security.principal import GUEST_PRINCIPAL, Principal
from tests.support.factories import make_track
from tests.support.opensearch import SearchNode
from tests.support.search_index import SearchIndex

ENGINES = ("postgres", "opensearch")


@dataclass(frozen=True)
class Library:
    """Tracks, and an engine that is asked for them."""

    session: Session
    engine: SearchEngine
    index: SearchIndex | None = None

    def add(self, title: str, artist: str = "Nobody", album: str = "None", **values: Any) -> Track:
        return make_track(self.session, title, artist=artist, album=album, **values)

    def search(
        self, q: str = "", *, guest: bool = True, page: int = 1, limit: int = 50, **filters: str
    ) -> SearchResult:
        if self.index:
            self.index.sync(self.session)
        criteria = read_criteria(q, {**filters})
        offset = (page - 1) * limit
        viewer = GUEST_PRINCIPAL if guest else Principal(None, Role.USER)
        return self.engine.search(
            SearchRequest(criteria=criteria, viewer=viewer, offset=offset, limit=limit)
        )

    def suggest(
        self, q: str, *, viewer: Principal = GUEST_PRINCIPAL, types: str = "", limit: int = 8
    ) -> list[tuple[str, str]]:
        """Type and name of each suggestion, as they are shown."""
        if self.index:
            self.index.sync(self.session)
        query = SuggestQuery(q=q, limit=limit, **({"types": types} if types else {}))
        found = suggest(self.session, self.engine, principal=viewer, query=query)
        assert found.engine in (self.engine.name, NO_ENGINE)
        return [(one.type, one.text) for one in found.suggestions]

    def titles(self, q: str = "", **filters: Any) -> list[str]:
        found = self.search(q, **filters)
        assert found.total == len(found.tracks)
        return [track.title for track in found.tracks]


@pytest.fixture(scope="session")
def search_index(search_node: SearchNode) -> SearchIndex:
    return SearchIndex(search_node).make()


@pytest.fixture(params=ENGINES)
def library(request: pytest.FixtureRequest, session: Session) -> Library:
    if request.param == "postgres":
        return Library(session, PostgresEngine(session))
    index: SearchIndex = request.getfixturevalue("search_index")
    engine = OpenSearchEngine(session, node=index.client(), alias=index.name)
    return Library(session, engine, index)


@pytest.fixture
def postgres_library(session: Session) -> Library:
    """For what is a matter of one engine alone."""
    return Library(session, PostgresEngine(session))
