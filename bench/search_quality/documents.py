"""Puts what a database holds into an index behind the alias, in one go."""

import http.client
import json
from collections.abc import Iterator
from itertools import batched
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import text
from sqlalchemy.orm import Session as Database

from djamms.search.opensearch.index import ALIAS, definition

INDEX = f"{ALIAS}-measured"
BATCH = 2000
# As rows of JSON: PostgreSQL writes them faster than Python would.
TRACKS = """
SELECT json_build_object('kind', 'track', 'id', id, 'title', title, 'is_public', is_public,
    'popularity', popularity, 'artist', artist, 'artists', json_build_array(artist),
    'album', album, 'genres', array_remove(ARRAY[lower(genre)], NULL), 'genre', genre,
    'year', year, 'duration', duration, 'bitrate', bitrate, 'play_count', play_count,
    'tags', '[]'::json, 'added', created_at)
FROM tracks WHERE is_active
"""
ARTISTS = """
SELECT json_build_object('kind', 'artist', 'id', 'artist:' || md5(key), 'title', min(name),
    'is_public', bool_or(is_public), 'popularity', least(sum(tracks), 100), 'tracks', sum(tracks),
    'keys', json_build_array(key))
FROM artist_counts GROUP BY key
"""
ALBUMS = """
SELECT json_build_object('kind', 'album', 'id', 'album:' || md5(key || chr(31) || artist_key),
    'title', min(name), 'artist', min(artist), 'is_public', bool_or(is_public),
    'popularity', least(sum(tracks), 100), 'tracks', sum(tracks),
    'keys', json_build_array(key, artist_key))
FROM album_counts GROUP BY key, artist_key
"""
PLAYLISTS = """
SELECT json_build_object('kind', 'playlist', 'id', id, 'title', name, 'is_public', is_public,
    'popularity', least(track_count, 100), 'tracks', track_count)
FROM playlists WHERE is_active
"""


def index_all(database: Database, url: str) -> int:
    """How many documents there are. Searchable when this returns."""
    node = http.client.HTTPConnection(urlsplit(url).netloc, timeout=120)
    _call(node, "PUT", f"/{INDEX}", json.dumps({**definition(), "aliases": {ALIAS: {}}}).encode())
    count = 0
    for rows in batched(_rows(database), BATCH, strict=False):
        lines = "".join(f"{_action(row)}\n{json.dumps(row)}\n" for row in rows)
        found = _call(node, "POST", f"/{INDEX}/_bulk", lines.encode())
        if found["errors"]:
            raise RuntimeError(f"not indexed: {json.dumps(found)[:500]}")
        count += len(rows)
    _call(node, "POST", f"/{INDEX}/_refresh", b"")
    return count


def _rows(database: Database) -> Iterator[dict[str, Any]]:
    for statement in (TRACKS, ARTISTS, ALBUMS, PLAYLISTS):
        yield from database.scalars(text(statement).execution_options(yield_per=BATCH))


def _action(row: dict[str, Any]) -> str:
    own = row["id"] if ":" in row["id"] else f"{row['kind']}:{row['id']}"
    return json.dumps({"index": {"_id": own}})


def _call(node: http.client.HTTPConnection, method: str, path: str, body: bytes) -> Any:
    node.request(method, path, body, {"Content-Type": "application/json"})
    answer = node.getresponse()
    found = json.loads(answer.read())
    if answer.status >= 300:
        raise RuntimeError(f"{answer.status} for {method} {path}: {found}")
    return found
