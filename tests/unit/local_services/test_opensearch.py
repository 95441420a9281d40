"""OpenSearch on this machine: real programs, a real node."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from local.services import process
from local.services.opensearch import OpenSearchServer, Profile
from tests.support.opensearch import ROOT, SearchNode

# Starts a node over the folder it is given, says so, and waits to be killed.
SUPERVISOR = """
import sys, time
from pathlib import Path
from local.services.opensearch import OpenSearchServer, Profile
server = OpenSearchServer(Path(sys.argv[1]), profile=Profile.TEST).start()
print(server.pid, server.url, flush=True)
time.sleep(600)
"""


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="djamms-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder, "opensearch")


def test_workers_have_indices_of_their_own(search_node: SearchNode) -> None:
    mine, others = f"{search_node.prefix}songs", "another-songs"
    for name in (mine, others):
        search_node.call("PUT", f"/{name}")

    search_node.clear()

    left = {one["index"] for one in search_node.call("GET", "/_cat/indices?format=json")}
    search_node.call("DELETE", f"/{others}")
    assert mine not in left
    assert others in left


def test_folds_accents_and_finds_typos(search_node: SearchNode) -> None:
    """The analysis and the queries that the distribution has to bring."""
    name = f"{search_node.prefix}folding"
    analyzer = {"tokenizer": "standard", "filter": ["lowercase", "asciifolding"]}
    search_node.call(
        "PUT",
        f"/{name}",
        {
            "settings": {"analysis": {"analyzer": {"folded": analyzer}}},
            "mappings": {"properties": {"title": {"type": "text", "analyzer": "folded"}}},
        },
    )
    search_node.call("PUT", f"/{name}/_doc/1?refresh=true", {"title": "Beyoncé"})

    query = {"match": {"title": {"query": "beyonxe", "fuzziness": "AUTO"}}}
    found = search_node.call("POST", f"/{name}/_search", {"query": query})

    search_node.clear()
    assert [hit["_id"] for hit in found["hits"]["hits"]] == ["1"]


def test_documents_survive_a_supervisor_that_is_killed(home: Path) -> None:
    supervisor = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, str(home)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    )
    assert supervisor.stdout is not None
    pid, url = supervisor.stdout.readline().split()
    node = SearchNode(url, "djamms")
    node.call("PUT", "/djamms", {"settings": {"number_of_replicas": 0}})
    node.call("PUT", "/djamms/_doc/1", {"title": "kept"})

    with supervisor:
        supervisor.kill()
    with OpenSearchServer(home, profile=Profile.TEST) as server:
        assert not process.is_running(int(pid))
        again = SearchNode(server.url, "djamms").call("GET", "/djamms/_doc/1")
        account = psutil.Process(server.pid).username()
        port = server.port

    assert again["_source"] == {"title": "kept"}
    assert account != "root"
    assert url.endswith(f":{port}")
