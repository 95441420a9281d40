"""What a reply says of who answered it, for tracks and for the names beside them."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from djamms.search import service
from djamms.search.breaker import CircuitBreaker
from djamms.search.engine import SearchEngine, SearchRequest, SearchResult, Suggestions
from djamms.search.engine import SuggestRequest as Asked
from djamms.search.fallback import FallbackEngine
from djamms.search.postgres import PostgresEngine
from tests.functional.search.conftest import Library
from tests.support.api import Client

type Use = Callable[[Callable[[Session], SearchEngine]], None]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Use:
    """What answers all requests, each with a session of its own."""
    return lambda make: monkeypatch.setattr(service, "engine_for", make)


class Lost:
    """Fails for what it is told to; of the rest it finds nothing."""

    name = "opensearch"

    def __init__(self, *fails_at: str) -> None:
        self._fails_at = fails_at

    def search(self, request: SearchRequest) -> SearchResult:
        self._fail("search")
        return SearchResult([], 0, True, {}, 0, None, self.name)

    def suggest(self, request: Asked) -> Suggestions:
        self._fail("suggest")
        return Suggestions([], self.name)

    def _fail(self, what: str) -> None:
        if what in self._fails_at:
            raise ConnectionError(what)


def labels(client: Client, types: str) -> tuple[str, bool]:
    reply = client.get(f"/api/music/search?q=rain&types={types}")
    assert reply.status == 200
    return reply.json()["engine"], reply.json()["degraded"]


@pytest.mark.parametrize("types", ["track", "artist", "track,artist", "artist,album,playlist"])
def test_each_engine_says_its_name(
    library: Library, anonymous: Client, use: Use, types: str
) -> None:
    library.add("Rain Dance", "Rain Men")
    if library.index:
        library.index.sync(library.session)
    use(lambda _: library.engine)

    assert labels(anonymous, types) == (library.engine.name, False)

    reply = anonymous.get(f"/api/music/search?q=rain&types={types}").json()
    assert [one["title"] for one in reply["tracks"]] == ["Rain Dance"] * ("track" in types)
    assert [one["name"] for one in reply["artists"]] == ["Rain Men"] * ("artist" in types)


@pytest.mark.parametrize(
    ("types", "fails_at", "engine", "degraded"),
    [
        ("track", "search", "postgres", True),
        ("artist", "suggest", "postgres", True),
        ("track,artist", "search", "postgres", True),
        # By its tracks; the names beside them are PostgreSQL's.
        ("track,artist", "suggest", "opensearch", True),
        ("track", "suggest", "opensearch", False),
        ("artist", "search", "opensearch", False),
    ],
)
def test_a_reply_of_two_engines_is_degraded(
    anonymous: Client,
    use: Use,
    types: str,
    fails_at: str,
    engine: str,
    degraded: bool,
) -> None:
    lost = Lost(fails_at)
    use(
        lambda database: FallbackEngine(
            lost, PostgresEngine(database), CircuitBreaker(), probe=list
        )
    )

    assert labels(anonymous, types) == (engine, degraded)


@pytest.mark.parametrize("option", ["highlight", "explain"])
def test_to_mark_and_to_explain_is_for_a_hundred(
    library: Library, anonymous: Client, use: Use, option: str
) -> None:
    use(lambda _: library.engine)
    path = f"/api/music/search?q=rain&{option}"

    refused = anonymous.get(f"{path}=true&limit=101")

    assert (refused.status, refused.json()["error"]) == (422, "validation_failed")
    [detail] = refused.json()["details"]
    assert detail["field"] == "limit"
    assert detail["reason"].endswith("up to 100 with highlight or explain")
    assert anonymous.get(f"{path}=true&limit=100").status == 200
    assert anonymous.get(f"{path}=false&limit=101").status == 200
