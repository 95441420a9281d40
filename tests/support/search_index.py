"""Puts what a test's database holds into an index of the real node, as the indexer would."""

import json
from dataclasses import dataclass, field

import httpx
from opensearchpy import OpenSearch
from sqlalchemy.orm import Session

from djamms.search.indexing.documents_repository import keys_behind, lines
from djamms.search.kinds import Kind
from djamms.search.opensearch.index import definition
from tests.support.opensearch import SearchNode

MORE_THAN_A_TEST_HAS = 10_000


@dataclass
class SearchIndex:
    """One per worker: tests leave nothing in it that the next one does not take away."""

    node: SearchNode
    indexed: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Not among those that `SearchNode.clear` deletes: it serves all tests of the worker."""
        return f"contract-{self.node.prefix}tests"

    def make(self) -> "SearchIndex":
        self.node.call("PUT", f"/{self.name}", definition())
        return self

    def client(self) -> OpenSearch:
        return OpenSearch(self.node.url)

    def sync(self, session: Session) -> None:
        """After it a search sees what the session has flushed."""
        session.flush()
        wanted = {key: one for kind in Kind for key, one in _documents(session, kind).items()}
        changes = [_action("delete", key) for key in self.indexed.keys() - wanted]
        for key, document in wanted.items():
            if self.indexed.get(key) != document:
                changes += [_action("index", key), document]
        if changes:
            self._send(changes)
        self.indexed = wanted

    def _send(self, changes: list[str]) -> None:
        answer = httpx.post(
            f"{self.node.url}/{self.name}/_bulk?refresh=true",
            content="\n".join(changes) + "\n",
            headers={"Content-Type": "application/x-ndjson"},
            timeout=30,
        ).raise_for_status()
        assert not answer.json()["errors"], answer.text


def _documents(session: Session, kind: Kind) -> dict[str, str]:
    keys = keys_behind(session, kind, None, MORE_THAN_A_TEST_HAS)
    found = iter(lines(session, kind, keys, version=1).splitlines())
    actions = map(json.loads, found)
    return {action["index"]["_id"]: next(found) for action in actions if "index" in action}


def _action(how: str, key: str) -> str:
    return json.dumps({how: {"_id": key}})
