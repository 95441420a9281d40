"""Puts what a database holds into an index behind the alias, in one go."""

import http.client
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.orm import Session as Database

from djamms.search.indexing.documents_repository import keys_behind, lines
from djamms.search.kinds import Kind
from djamms.search.opensearch.index import ALIAS, definition

INDEX = f"{ALIAS}-measured"
BATCH = 2000


def index_all(database: Database, url: str) -> int:
    """How many documents there are. Searchable when this returns."""
    node = http.client.HTTPConnection(urlsplit(url).netloc, timeout=120)
    _call(node, "PUT", f"/{INDEX}", json.dumps({**definition(), "aliases": {ALIAS: {}}}).encode())
    count = 0
    for kind, keys in _batches(database):
        body = lines(database, kind, keys, version=1)
        found = _call(node, "POST", f"/{INDEX}/_bulk", body.encode())
        if found["errors"]:
            raise RuntimeError(f"not indexed: {json.dumps(found)[:500]}")
        count += len(keys)
    _call(node, "POST", f"/{INDEX}/_refresh", b"")
    return count


def _batches(database: Database) -> Iterator[tuple[Kind, list[str]]]:
    for kind in Kind:
        last = None
        while keys := keys_behind(database, kind, last, BATCH):
            yield kind, keys
            last = keys[-1]


def _call(node: http.client.HTTPConnection, method: str, path: str, body: bytes) -> Any:
    node.request(method, path, body, {"Content-Type": "application/json"})
    answer = node.getresponse()
    found = json.loads(answer.read())
    if answer.status >= 300:
        raise RuntimeError(f"{answer.status} for {method} {path}: {found}")
    return found
