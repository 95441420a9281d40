"""The node is killed while sixteen clients search: nobody is turned away, and it is used again."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest

from bench.catalogue import Catalogue, queries
from bench.client import request
from bench.load import fill
from bench.search.indexing import reindex
from bench.search.kill import kill_node
from tests.e2e.conftest import scratch_stack
from tests.support.stack import LocalStack

TRACKS = 3000
# The deadline of the engine that is away, and time for the one that answers in its place.
SLOWEST_MS = 5000
# The node has to start, and a process that left it alone tries it again within 15 seconds.
RECOVERY_SECONDS = 180


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    with scratch_stack(tmp_path_factory, "--search", "opensearch") as stack:
        yield stack


def test_no_search_fails_while_the_node_is_away(searched: LocalStack) -> None:
    tracks = list(Catalogue().tracks(TRACKS))
    fill(searched.database_url, tracks)
    reindex(searched)
    address = f"{searched.api}/music/search?q="

    found = kill_node(searched, [request(address + quote(q)) for q in queries(tracks, 100)])

    assert found.failed == 0, found
    assert found.degraded > 0, found
    assert found.slowest_ms < SLOWEST_MS, found
    assert found.recovery_seconds < RECOVERY_SECONDS, found
