"""What PostgreSQL says should be found, and what OpenSearch holds."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from djamms.db.session import transaction
from djamms.models.indexing import SearchChange
from djamms.models.playlist import Playlist
from djamms.models.track import Track
from djamms.search.indexing import service
from djamms.search.indexing.documents_repository import keys_behind, lines
from djamms.search.kinds import Kind
from tests.support.opensearch import SearchNode


@dataclass
class World:
    node: SearchNode
    alias: str

    def run[T](self, work: Callable[[Session], T]) -> T:
        with transaction() as database:
            return work(database)

    def sql(self, statement: str, **parameters: Any) -> None:
        self.run(lambda database: database.execute(text(statement), parameters))

    def index(self) -> bool:
        return service.work(transaction, has_time=lambda: True)

    def add_track(self, title: str = "Night Ferry", **values: Any) -> UUID:
        track = new_track(title, **values)
        self.run(lambda database: database.add(track))
        return track.id

    def add_playlist(self, name: str = "Mornings", **values: Any) -> UUID:
        playlist = Playlist(id=uuid4(), name=name, **values)
        self.run(lambda database: database.add(playlist))
        return playlist.id

    def outbox(self) -> list[tuple[str, str]]:
        columns = select(SearchChange.kind, SearchChange.document).order_by(SearchChange.id)
        return [(kind, document) for kind, document in self.run(lambda d: d.execute(columns).all())]

    def found(self) -> dict[str, Any]:
        """All documents by their id, as a search finds them."""
        self.node.call("POST", f"/{self.alias}/_refresh")
        query = {"size": 10_000, "query": {"match_all": {}}}
        answer = self.node.call("POST", f"/{self.alias}/_search", query)
        assert answer["hits"]["total"]["value"] == len(answer["hits"]["hits"])
        return {hit["_id"]: hit["_source"] for hit in answer["hits"]["hits"]}

    def expected(self) -> dict[str, Any]:
        """All that PostgreSQL has now."""
        found: dict[str, Any] = {}
        for kind in Kind:
            body = self.run(lambda database, kind=kind: _all_lines(database, kind))  # type: ignore[misc]
            found |= _documents(body)
        return found

    def indices(self) -> set[str]:
        return set(self.node.call("GET", f"/{self.alias}-*"))


def new_track(title: str, **values: Any) -> Track:
    usual = {
        "id": uuid4(),
        "artist": "The Harbour Lights",
        "album": "Tides",
        "genre": "Folk",
        "duration_seconds": 200,
        "object_key": "audio/x.mp3",
        "content_type": "audio/mpeg",
    }
    return Track(title=title, **{**usual, **values})


def _all_lines(database: Session, kind: Kind) -> str:
    return lines(database, kind, keys_behind(database, kind, None, 100_000), version=1)


def _documents(body: str) -> dict[str, Any]:
    # Not by `splitlines`: a title may have what ends a line to Python.
    rows = [json.loads(line) for line in body.split("\n")[:-1]]
    found: dict[str, Any] = {}
    for number, row in enumerate(rows):
        if "index" in row:
            found[row["index"]["_id"]] = rows[number + 1]
    return found
