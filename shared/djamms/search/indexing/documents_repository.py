"""What OpenSearch holds of each thing, as lines of a bulk request, written by PostgreSQL.

See `djamms.search.opensearch.index.Document`. A key is what the outbox says of a thing.
"""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session as Database

from djamms.search.kinds import Kind

# Few tracks tell names apart, thousands hardly.
BY_TRACKS = "least(100, round(15 * ln(1 + {tracks})))::int"

TRACK = """
SELECT asked.key, tracks.id::text AS id, tracks.id IS NOT NULL AS is_there, json_build_object(
    'kind', 'track', 'id', tracks.id, 'title', title, 'artist', artist, 'album', album,
    'artists', CASE WHEN artists = '{}' THEN ARRAY[artist::text] ELSE artists END,
    'genres', genre_keys, 'genre', genre, 'year', year, 'duration', duration, 'bitrate', bitrate,
    'key', musical_key, 'bpm', round(bpm),
    'popularity', popularity, 'play_count', play_count, 'added', created_at,
    'tags', coalesce(search_tags(genre, genres, tags), array_remove(ARRAY[lower(genre)], NULL)),
    'own_tags', nullif(tags, '{}'), 'is_public', is_public) AS document
FROM asked LEFT JOIN tracks ON tracks.id = asked.key::uuid AND tracks.is_active"""

# In the spelling that most tracks have which everybody sees, if there are any.
SPELLING = (
    "(array_agg({name} ORDER BY is_public DESC, tracks DESC, {name}) FILTER (WHERE tracks > 0))[1]"
)

ARTIST = f"""
SELECT asked.key, md5(asked.key) AS id, tracks > 0 AS is_there, json_build_object(
    'kind', 'artist', 'id', md5(asked.key), 'title', name, 'keys', ARRAY[asked.key],
    'tracks', tracks, 'popularity', {BY_TRACKS.format(tracks="greatest(tracks, 0)")},
    'is_public', is_public) AS document
FROM asked, LATERAL (
    SELECT sum(tracks) AS tracks, bool_or(is_public) AS is_public,
        {SPELLING.format(name="name")} AS name
    FROM (SELECT name, is_public, sum(tracks) AS tracks FROM artist_counts
        WHERE artist_counts.key = asked.key GROUP BY name, is_public HAVING sum(tracks) > 0
    ) AS spellings) AS counted"""  # noqa: S608 - of constants alone

ALBUM = f"""
SELECT asked.key, md5(asked.key) AS id, tracks > 0 AS is_there, json_build_object(
    'kind', 'album', 'id', md5(asked.key), 'title', name, 'artist', artist,
    'keys', string_to_array(asked.key, chr(31)),
    'tracks', tracks, 'popularity', {BY_TRACKS.format(tracks="greatest(tracks, 0)")},
    'is_public', is_public) AS document
FROM asked, LATERAL (
    SELECT sum(tracks) AS tracks, bool_or(is_public) AS is_public,
        {SPELLING.format(name="name")} AS name, {SPELLING.format(name="artist")} AS artist
    FROM album_counts WHERE tracks > 0 AND album_counts.key = split_part(asked.key, chr(31), 1)
        AND artist_key = split_part(asked.key, chr(31), 2)) AS counted"""  # noqa: S608 - of constants alone

# As `playlists.access_repository` says who reads it; admins need not be named.
PLAYLIST = f"""
SELECT asked.key, asked.key AS id, playlists.id IS NOT NULL AS is_there, json_build_object(
    'kind', 'playlist', 'id', playlists.id, 'title', name, 'tracks', track_count,
    'popularity', {BY_TRACKS.format(tracks="track_count")}, 'is_public', is_public,
    'readers', CASE WHEN NOT is_public THEN ARRAY(
        SELECT owner_id::text WHERE owner_id IS NOT NULL
        UNION SELECT user_id::text FROM playlist_collaborators
        WHERE playlist_id = playlists.id AND NOT EXISTS (
            SELECT FROM users WHERE users.id = owner_id AND NOT users.is_active)
        ORDER BY 1) END) AS document
FROM asked LEFT JOIN playlists ON playlists.id = asked.key::uuid AND playlists.is_active"""  # noqa: S608 - of constants alone

DOCUMENTS = {
    Kind.TRACK: TRACK,
    Kind.ARTIST: ARTIST,
    Kind.ALBUM: ALBUM,
    Kind.PLAYLIST: PLAYLIST,
}

NO_ID = "00000000-0000-0000-0000-000000000000"
# The keys of a kind behind one, in an order that an index has; before the first of them.
PAGES = {
    Kind.TRACK: (
        "SELECT id::text FROM tracks WHERE is_active AND id > CAST(:after AS uuid) ORDER BY id",
        NO_ID,
    ),
    Kind.ARTIST: (
        "SELECT DISTINCT key FROM artist_counts WHERE key > :after ORDER BY key",
        "",
    ),
    Kind.ALBUM: (
        "SELECT DISTINCT key || chr(31) || artist_key, key, artist_key FROM album_counts"
        " WHERE (key, artist_key)"
        " > (split_part(:after, chr(31), 1), split_part(:after, chr(31), 2))"
        " ORDER BY key, artist_key",
        "",
    ),
    Kind.PLAYLIST: (
        "SELECT id::text FROM playlists WHERE is_active AND id > CAST(:after AS uuid) ORDER BY id",
        NO_ID,
    ),
}

# A version of its own in each line: OpenSearch takes none but a higher one than it has seen.
LINES = """
WITH asked AS (SELECT DISTINCT key FROM unnest(CAST(:keys AS text[])) AS key)
SELECT string_agg(CASE WHEN is_there
    THEN '{{"index":' || action || E'}}\\n' || json_strip_nulls(document) || E'\\n'
    ELSE '{{"delete":' || action || E'}}\\n' END, '')
FROM (SELECT is_there, document, json_build_object('_id', '{kind}:' || coalesce(id, key),
    'version', CAST(:version AS bigint), 'version_type', 'external')::text AS action
    FROM ({documents}) AS documents) AS lines"""

EXPECTED = text(
    "SELECT (SELECT coalesce(sum(tracks), 0) FROM track_counts"
    " WHERE shift = (SELECT max(shift) FROM track_counts))"
    " + (SELECT count(DISTINCT key) FROM artist_counts WHERE tracks > 0)"
    " + (SELECT count(*) FROM (SELECT DISTINCT key, artist_key FROM album_counts"
    " WHERE tracks > 0) AS albums)"
    " + (SELECT count(*) FROM playlists WHERE is_active)"
)


def lines(database: Database, kind: Kind, keys: Sequence[str], *, version: int) -> str:
    """What makes OpenSearch hold of these what there is now, in the form of a bulk request."""
    statement = LINES.format(kind=kind, documents=DOCUMENTS[kind])
    return str(
        database.execute(text(statement), {"keys": list(keys), "version": version}).scalar() or ""
    )


def keys_behind(database: Database, kind: Kind, after: str | None, limit: int) -> list[str]:
    page, start = PAGES[kind]
    statement = text(f"{page} LIMIT :limit")
    found = database.execute(statement, {"after": after or start, "limit": limit})
    return [str(row[0]) for row in found]


def count_expected(database: Database) -> int:
    return int(database.execute(EXPECTED).scalar_one())
