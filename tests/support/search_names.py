"""Artists, albums and playlists as documents of the index, as they are now."""

import hashlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from djamms.search.opensearch.index import document_id

ARTISTS = text(
    "SELECT ARRAY[key] AS name_keys, min(name) AS name, NULL AS artist, sum(tracks) AS tracks,"
    " bool_or(is_public) AS is_public FROM artist_counts WHERE tracks > 0 GROUP BY key"
)
ALBUMS = text(
    "SELECT ARRAY[key, artist_key] AS name_keys, min(name) AS name, min(artist) AS artist,"
    " sum(tracks) AS tracks, bool_or(is_public) AS is_public"
    " FROM album_counts WHERE tracks > 0 GROUP BY key, artist_key"
)
PLAYLISTS = text(
    "SELECT id::text, name, track_count, is_public, ARRAY(SELECT owner_id::text UNION"
    " SELECT user_id::text FROM playlist_collaborators WHERE playlist_id = id) AS readers"
    " FROM playlists WHERE is_active"
)


def name_documents(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """With their ids."""
    for kind, statement in (("artist", ARTISTS), ("album", ALBUMS)):
        for row in session.execute(statement):
            key = hashlib.md5(
                "\x1f".join(row.name_keys).encode(), usedforsecurity=False
            ).hexdigest()
            document = {"keys": row.name_keys, "title": row.name, "is_public": row.is_public}
            document |= {"kind": kind, "id": key, "popularity": min(int(row.tracks), 100)}
            document |= {"artist": row.artist} if row.artist else {}
            yield document_id(kind, key), document
    for row in session.execute(PLAYLISTS):
        yield (
            document_id("playlist", row.id),
            {
                "kind": "playlist",
                "id": row.id,
                "title": row.name,
                "popularity": min(row.track_count, 100),
                "is_public": row.is_public,
                "readers": [] if row.is_public else row.readers,
            },
        )
