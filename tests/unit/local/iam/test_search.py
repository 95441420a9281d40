"""Calls to OpenSearch are refused before they are sent, as AWS refuses them afterwards."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.credentials import Credentials
from opensearchpy import AuthorizationException, OpenSearch, Urllib3AWSV4SignerAuth
from opensearchpy.connection import http_urllib3

from infra import functions
from local.iam.hook import Guard, guard_search
from local.iam.operations import search_request
from local.iam.policy import Principal, Role, Statement, decide, dump
from local.iam.usage import UsageLog, read
from tests.support.opensearch import SearchNode

DOMAIN = "arn:aws:es:eu-central-1:000000000000:domain/djamms-dev"
# As a worker imports the client, with a role that allows nothing.
WORKER = """
import sys
from local.worker_boot import IamFinder
sys.meta_path.insert(0, IamFinder)
from opensearchpy import AuthorizationException, OpenSearch
from botocore.credentials import Credentials
from opensearchpy import Urllib3AWSV4SignerAuth
signer = Urllib3AWSV4SignerAuth(Credentials("key", "secret"), "eu-central-1", "es")
try:
    OpenSearch("http://127.0.0.1:9", http_auth=signer, max_retries=0).search(index="djamms")
except AuthorizationException as error:
    print(error.info["Message"])
"""
SIGNER = Urllib3AWSV4SignerAuth(Credentials("key", "secret"), "eu-central-1", "es")


@pytest.fixture
def usage(tmp_path: Path) -> Path:
    return tmp_path / "usage.jsonl"


@pytest.fixture
def guarded(usage: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process, as a function that may read and no more."""
    statement = Statement("Allow", ("es:ESHttpGet", "es:ESHttpPost"), (f"{DOMAIN}/*",))
    principal = Principal("search", Role("arn:role/r", (statement,)), "eu-central-1", "0")
    original = http_urllib3.Urllib3HttpConnection.perform_request
    monkeypatch.setenv("DJAMMS_LOCAL_SEARCH", DOMAIN)
    guard_search(http_urllib3, Guard(principal, UsageLog(usage)))
    yield
    http_urllib3.Urllib3HttpConnection.perform_request = original  # type: ignore[method-assign]


def client(node: SearchNode, auth: Any = SIGNER) -> OpenSearch:
    return OpenSearch(node.url, http_auth=auth, max_retries=0)


@pytest.mark.usefixtures("guarded")
def test_what_the_role_allows_is_sent_and_noted(search_node: SearchNode, usage: Path) -> None:
    with client(search_node) as asked:
        assert asked.cluster.health()["cluster_name"] == "djamms"

    assert read(usage) == {("search", "es:ESHttpGet", f"{DOMAIN}/*")}


@pytest.mark.usefixtures("guarded")
def test_what_it_does_not_allow_is_refused_before_it_is_sent(search_node: SearchNode) -> None:
    name = f"{search_node.prefix}refused"

    with (
        client(search_node) as asked,
        pytest.raises(
            AuthorizationException, match=r"es:ESHttpPut on resource: .*refused"
        ) as error,
    ):
        asked.indices.create(index=name)

    assert error.value.status_code == 403
    left = search_node.call("GET", "/_cat/indices?format=json")
    assert name not in {one["index"] for one in left}


@pytest.mark.parametrize(
    ("name", "sent", "refused"),
    [
        (
            "search",
            ["POST /djamms/_search?timeout=1s", "POST /djamms/_msearch"],
            [
                "POST /_msearch",
                "POST /djamms/_bulk",
                "POST /djamms/_delete_by_query",
                "POST /djamms/_update/track:1",
                "POST /_aliases",
                "GET /_cat/indices",
                "DELETE /djamms",
            ],
        ),
        (
            "system",
            ["GET /_cluster/health", "GET /_cat/count/djamms"],
            ["GET /djamms/_search", "GET /_cat/indices", "GET /_cluster/settings"],
        ),
        (
            "indexer",
            ["POST /djamms-1_write/_bulk", "POST /_aliases", "DELETE /djamms-1"],
            ["DELETE /_all", "PUT /_cluster/settings", "POST /_bulk"],
        ),
    ],
)
def test_a_function_sends_what_it_is_for_and_nothing_else(
    name: str, sent: list[str], refused: list[str]
) -> None:
    role = Role("arn:role/r", tuple(grants(name)))

    def may(request: str) -> bool:
        method, path = request.split(" ")
        return decide(role.statements, search_request(method, path, DOMAIN)) == "Allow"

    assert [one for one in sent if not may(one)] == []
    assert [one for one in refused if may(one)] == []


def grants(name: str) -> Iterator[Statement]:
    [spec] = [one for one in functions.ALL if one.name == name]
    for one in spec.asks_search:
        yield Statement("Allow", (one.action,), tuple(f"{DOMAIN}/{path}" for path in one.paths))


@pytest.mark.usefixtures("guarded")
def test_a_request_without_a_signature_is_nobodys(search_node: SearchNode) -> None:
    with (
        client(search_node, auth=None) as asked,
        pytest.raises(AuthorizationException, match="anonymous"),
    ):
        asked.cluster.health()


def test_a_worker_guards_the_client_as_it_imports_it(tmp_path: Path, usage: Path) -> None:
    policy = tmp_path / "policy.json"
    policy.write_text(dump("search", Role("arn:role/r", ()), "eu-central-1", "0"))
    given = {
        "DJAMMS_LOCAL_POLICY": str(policy),
        "DJAMMS_LOCAL_USAGE": str(usage),
        "DJAMMS_LOCAL_SEARCH": DOMAIN,
    }

    done = subprocess.run(
        [sys.executable, "-c", WORKER], env=os.environ | given, capture_output=True, text=True
    )

    assert f"es:ESHttpPost on resource: {DOMAIN}/djamms/_search" in done.stdout, done.stderr
