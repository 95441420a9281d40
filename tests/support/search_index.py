"""Puts a test's tracks into an index of the real node, as they are now."""

import json
from dataclasses import dataclass, field
from typing import Any

import httpx
from opensearchpy import OpenSearch
from sqlalchemy import select
from sqlalchemy.orm import Session

from djamms.genres import genre_key
from djamms.models.track import Track
from djamms.search.opensearch.index import definition, document_id
from tests.support.opensearch import SearchNode
from tests.support.search_names import name_documents


@dataclass
class SearchIndex:
    """One per worker: tests leave nothing in it that the next one does not take away."""

    node: SearchNode
    indexed: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.node.prefix}contract"

    def make(self) -> "SearchIndex":
        self.node.call("PUT", f"/{self.name}", definition())
        return self

    def client(self) -> OpenSearch:
        return OpenSearch(self.node.url)

    def sync(self, session: Session) -> None:
        """After it a search sees what the session has flushed."""
        session.flush()
        tracks = session.scalars(
            select(Track).where(Track.is_active).execution_options(populate_existing=True)
        )
        wanted = {document_id("track", str(one.id)): json.dumps(document(one)) for one in tracks}
        wanted |= {key: json.dumps(name) for key, name in name_documents(session)}
        lines = [line for key in self.indexed.keys() - wanted for line in _delete(key)]
        for key, text in wanted.items():
            if self.indexed.get(key) != text:
                lines += [json.dumps({"index": {"_id": key}}), text]
        if lines:
            self._send(lines)
        self.indexed = wanted

    def _send(self, lines: list[str]) -> None:
        answer = httpx.post(
            f"{self.node.url}/{self.name}/_bulk?refresh=true",
            content="\n".join(lines) + "\n",
            headers={"Content-Type": "application/x-ndjson"},
            timeout=30,
        ).raise_for_status()
        assert not answer.json()["errors"], answer.text


def document(track: Track) -> dict[str, Any]:
    genres = list(dict.fromkeys([*([track.genre] if track.genre else []), *track.genres]))
    return {
        "kind": "track",
        "id": str(track.id),
        "title": track.title,
        "artist": track.artist,
        "artists": track.artists,
        "album": track.album,
        "genres": list(dict.fromkeys(map(genre_key, genres))),
        "genre": track.genre,
        "year": track.year,
        "duration": track.duration_seconds,
        "bitrate": track.bitrate_kbps,
        "popularity": track.popularity,
        "play_count": track.play_count,
        "tags": genres,
        "added": track.created_at.isoformat(),
        "is_public": track.is_public,
    }


def _delete(key: str) -> list[str]:
    return [json.dumps({"delete": {"_id": key}})]
