"""The engines that are judged, each over the same library in a database of its own."""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from uuid import UUID

from opensearchpy import OpenSearch
from sqlalchemy.orm import Session as Database

from bench.load import fill
from bench.search_quality.documents import index_all
from bench.search_quality.library import Library
from bench.search_quality.named import SHOWN as NAMES_SHOWN
from bench.search_quality.named import folded
from bench.search_quality.score import SHOWN
from djamms.db.migrate import upgrade
from djamms.db.session import create_database_engine
from djamms.search import service
from djamms.search.engine import SearchEngine
from djamms.search.postgres import PostgresEngine
from djamms.search.schemas import SearchQuery, SuggestQuery
from djamms.search.suggesting import suggest
from djamms.security.principal import GUEST_PRINCIPAL
from local.services.opensearch import Profile, scratch_node
from local.services.postgres import scratch_server

POSTGRES, OPENSEARCH = "postgres", "opensearch"
# Replies hold signed addresses; nobody opens them here.
ADDRESSES = {
    "JWT_SECRET": "signs what nobody in the world opens",
    "API_BASE_URL": "http://localhost",
    "CDN_BASE_URL": "http://localhost",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """How a guest asks an engine."""

    database: Database
    engine: SearchEngine

    def tracks(self, text: str) -> Sequence[UUID]:
        query = SearchQuery(q=text, limit=SHOWN)
        found = service.find(self.database, self.engine, GUEST_PRINCIPAL, query)
        if found.engine != self.engine.name:
            raise RuntimeError(f"{found.engine} answered for {self.engine.name}: {text!r}")
        return [track.id for track in found.tracks]

    def names(self, of: str, text: str) -> Sequence[str]:
        query = SuggestQuery(q=text, types=of, limit=NAMES_SHOWN)
        found = suggest(self.database, self.engine, principal=GUEST_PRINCIPAL, query=query)
        return [folded(one.text) for one in found.suggestions]


def measured(name: str, database: Database, node_url: str = "") -> Asked:
    """Over a database that holds the library and, for OpenSearch, a node that holds its index."""
    os.environ.update(ADDRESSES)
    if name == POSTGRES:
        return Asked(database, PostgresEngine(database))
    module = import_module("djamms.search.opensearch.engine")
    return Asked(database, module.OpenSearchEngine(database, node=OpenSearch(node_url)))


@contextmanager
def asked(names: Sequence[str], library: Library, url: str | None) -> Iterator[dict[str, Asked]]:
    """By name. `url` is of a database that holds this very library already."""
    with ExitStack() as opened:
        if url is None:
            url = opened.enter_context(scratch_server()).url
            upgrade(create_database_engine(url))
            fill(url, library.tracks, library.playlists)
        database = opened.enter_context(Database(create_database_engine(url)))
        node_url = ""
        if OPENSEARCH in names:
            # As it serves, not as tests start it.
            node_url = opened.enter_context(scratch_node(Profile.SERVE)).url
            index_all(database, node_url)
        yield {name: measured(name, database, node_url) for name in names}
