"""What the status tells of the search engine."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from opensearchpy import OpenSearch
from sqlalchemy.orm import Session

from djamms import clock
from djamms.models.search_analytics import RecordedSearch
from djamms.search.opensearch import health
from djamms.search.opensearch.connection import BoundedConnection
from djamms.search.opensearch.health import Health, Watch
from djamms.system import search_engine
from tests.support.api import Client
from tests.support.opensearch import SearchNode

STATUS = "/api/system/status"


def use(monkeypatch: pytest.MonkeyPatch, found: Health) -> None:
    """OpenSearch is configured, and is as said."""
    monkeypatch.setattr(search_engine, "is_configured", lambda: True)
    monkeypatch.setattr(health, "ask", lambda alias: found)
    monkeypatch.setattr(health, "watch", Watch)


def search_check(status: Any) -> dict[str, str]:
    [found] = [one for one in status["checks"] if one["name"] == "search"]
    return {"status": found["status"], "detail": found["detail"]}


def test_without_opensearch_the_database_searches(as_admin: Client) -> None:
    status = as_admin.get(STATUS).json()

    assert status["search"] == {
        "engine": "postgres",
        "reachable": True,
        "clusterStatus": None,
        "documents": None,
        "lagSeconds": None,
    }
    assert search_check(status) == {"status": "ok", "detail": "PostgreSQL searches"}


@pytest.mark.parametrize(
    ("found", "status", "detail"),
    [
        (Health("green", 12, 2.0), "ok", "OpenSearch is green, 12 documents"),
        (Health("yellow", 0, 2.0), "ok", "OpenSearch is yellow, 0 documents"),
        (Health("red", 12, 2.0), "warning", "OpenSearch is red, 12 documents"),
        (
            Health("green", None, 2.0),
            "warning",
            "OpenSearch is green and has no index yet, PostgreSQL searches",
        ),
        (
            Health(None, None, 1000.0),
            "warning",
            "OpenSearch does not answer, PostgreSQL searches",
        ),
    ],
)
def test_tells_how_opensearch_is(
    as_admin: Client,
    monkeypatch: pytest.MonkeyPatch,
    found: Health,
    status: str,
    detail: str,
) -> None:
    use(monkeypatch, found)

    body = as_admin.get(STATUS).json()

    assert search_check(body) == {"status": status, "detail": detail}
    assert body["search"]["reachable"] == (found.cluster_status is not None)
    assert body["search"]["clusterStatus"] == found.cluster_status
    assert body["search"]["documents"] == found.documents
    if status == "warning":
        assert body["status"] == "degraded"


def test_tells_others_only_whether_it_answers(
    anonymous: Client, as_user: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, Health("green", 12, 2.0))

    for client in (anonymous, as_user):
        body = client.get(STATUS).json()
        assert search_check(body) == {"status": "ok", "detail": ""}
        assert body["search"] == {
            "engine": "opensearch",
            "reachable": True,
            "clusterStatus": None,
            "documents": None,
            "lagSeconds": None,
        }


def test_asks_every_few_seconds_only(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    moments = iter([100.0, 100.0, 104.9, 105.1, 105.1])
    monkeypatch.setattr("djamms.search.opensearch.health.time.monotonic", lambda: next(moments))

    def ask(alias: str) -> Health:
        asked.append(alias)
        return Health("red", 1, 1.0)

    monkeypatch.setattr(health, "ask", ask)
    watch = Watch()

    assert [watch.read().cluster_status for _ in range(3)] == ["red"] * 3
    assert len(asked) == 2


def test_reads_a_real_node(search_node: SearchNode, monkeypatch: pytest.MonkeyPatch) -> None:
    client = OpenSearch(search_node.url, connection_class=BoundedConnection, max_retries=0)
    monkeypatch.setattr(health, "client", lambda: client)
    alias = f"{search_node.prefix}health"
    found = health.ask(alias)
    assert (found.is_reachable, found.documents) == (True, None)

    search_node.call("PUT", f"/{alias}")
    search_node.call("PUT", f"/{alias}/_doc/1?refresh=true", {"title": "Night"})

    found = health.ask(alias)
    assert found.cluster_status in {"green", "yellow"}
    assert found.documents == 1
    search_node.clear()


def test_a_node_that_is_gone_is_not_reachable(monkeypatch: pytest.MonkeyPatch) -> None:
    client = OpenSearch("http://127.0.0.1:1", connection_class=BoundedConnection, max_retries=0)
    monkeypatch.setattr(health, "client", lambda: client)

    found = health.ask("any")

    assert (found.is_reachable, found.documents) == (False, None)
    assert 0 < found.elapsed_ms < 1000


def test_tells_how_much_is_searched(session: Session, as_admin: Client, anonymous: Client) -> None:
    for minutes in (1, 2, 6):
        one = RecordedSearch(
            id=uuid4(),
            searched_at=clock.now() - timedelta(minutes=minutes),
            query="night",
            result_count=0,
            elapsed_ms=1.0,
            engine="postgres",
        )
        session.add(one)
    session.flush()

    assert as_admin.get(STATUS).json()["searchQueriesPerMinute"] == 0.4
    assert anonymous.get(STATUS).json()["searchQueriesPerMinute"] is None
