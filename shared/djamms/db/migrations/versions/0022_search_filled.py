"""What 0019 and 0021 keep, of the library that is here already; the indexes over it.

Small statements, each committed at once, which no request waits for longer than one of them takes.
Cut short, it is run again from the start: only what is still missing is written.
"""

import time

import sqlalchemy as sa
from alembic import op
from sqlalchemy.exc import DBAPIError

revision = "0022"
down_revision = "0021"

NO_ID = "00000000-0000-0000-0000-000000000000"
# Rows locked by a statement of somebody else: 55P03, 40P01.
IN_THE_WAY = {"55P03", "40P01"}
MOST_TRIES, PAUSE_SECONDS = 100, 0.5

# Where the readers of each format have put moods into `metadata`.
MOODS = r"""
CREATE OR REPLACE FUNCTION pg_temp.moods(metadata jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
SELECT coalesce((array_agg(DISTINCT mood))[1 : 30], '{}') FROM (
    SELECT regexp_replace(trim(part), '\s+', ' ', 'g') AS mood
    FROM jsonb_each(metadata->'tags') AS tag (name, said),
    jsonb_array_elements_text(CASE WHEN jsonb_typeof(said) = 'array' THEN said ELSE '[]' END) AS one,
    regexp_split_to_table(one, '[;,]') AS part
    WHERE name ~* '^(TMOO|(TXXX:|APE:|----:.*:)?MOOD)$'
) AS moods WHERE length(mood) BETWEEN 1 AND 50 AND public.genre_key(mood) <> ''
$$"""
# Only what changes is written: tracks with moods that have no tags yet, and documents of several
# genres. Those are locked first, so that nothing is made of what somebody changes meanwhile.
TAGS = """
WITH part AS MATERIALIZED (
    SELECT id FROM tracks WHERE id > CAST(:last AS uuid) ORDER BY id LIMIT 1000
),
due AS MATERIALIZED (
    SELECT id, genre, genres, tags, metadata FROM tracks WHERE id IN (SELECT id FROM part)
    AND (cardinality(genres) > 1 OR tags = '{}' AND metadata::text ~* 'tmoo|mood')
    FOR NO KEY UPDATE
),
mooded AS MATERIALIZED (
    SELECT id, pg_temp.moods(metadata) AS moods FROM due
    WHERE tags = '{}' AND jsonb_typeof(metadata->'tags') = 'object'
),
tagged AS (
    UPDATE tracks SET tags = moods FROM mooded
    WHERE tracks.id = mooded.id AND moods <> '{}' RETURNING tracks.id
),
counted AS (
    UPDATE search_documents AS document SET tags = search_tags(due.genre, due.genres, due.tags)
    FROM due WHERE document.track_id = due.id AND due.id NOT IN (SELECT id FROM tagged)
    AND document.tags IS DISTINCT FROM search_tags(due.genre, due.genres, due.tags)
)
SELECT id::text FROM part ORDER BY id DESC LIMIT 1"""

# As 0021 has them; without those that a change has brought in already, and those without tracks.
NAMES = """
WITH part AS MATERIALIZED ({part}),
named AS MATERIALIZED (SELECT * FROM ({names}) AS named (kind, digest, keys, whole, tracks, public)
    WHERE NOT EXISTS (SELECT FROM search_names AS name
        WHERE name.kind = named.kind AND name.digest = named.digest)),
stored AS MATERIALIZED (SELECT search_store_names(ARRAY(
    SELECT ROW(kind, digest, keys, NULL, whole, search_magnitude(tracks), public)::search_names
    FROM named)))
SELECT {last} FROM part, stored ORDER BY {last} DESC LIMIT 1"""
PUBLIC = "coalesce(sum(tracks) FILTER (WHERE is_public), 0) > 0"
ARTISTS = NAMES.format(
    part="SELECT DISTINCT key FROM artist_counts WHERE key > :last ORDER BY key LIMIT 500",
    names="SELECT 1::smallint, md5(key), ARRAY[key], key, sum(tracks)::bigint, "
    f"{PUBLIC} FROM artist_counts WHERE key IN (SELECT key FROM part) "
    "GROUP BY key HAVING sum(tracks) > 0",
    last="key",
)
ALBUMS = NAMES.format(
    part="SELECT DISTINCT key FROM album_counts WHERE key > :last ORDER BY key LIMIT 200",
    names="SELECT 2::smallint, md5(key || chr(31) || artist_key), ARRAY[key, artist_key], key, "
    f"sum(tracks)::bigint, {PUBLIC} FROM album_counts WHERE key IN (SELECT key FROM part) "
    "GROUP BY key, artist_key HAVING sum(tracks) > 0",
    last="key",
)
PLAYLISTS = NAMES.format(
    part="SELECT id FROM playlists WHERE is_active AND id > CAST(:last AS uuid) "
    "ORDER BY id LIMIT 500",
    names="SELECT 3::smallint, id::text, ARRAY[id::text], name, track_count::bigint, is_public "
    "FROM playlists WHERE is_active AND id IN (SELECT id FROM part)",
    last="id::text",
)
# Where the first of each begins.
FILLS = ((TAGS, NO_ID), (ARTISTS, ""), (ALBUMS, ""), (PLAYLISTS, NO_ID))

BEGINNINGS = "USING gin (search_beginnings(word)) WITH (fastupdate = off)"
INDEXES = {
    "ix_tracks_tag_keys": "tracks USING gin (genre_keys(tags)) WHERE tags <> '{}'",
    "ix_search_words_beginnings": f"search_words {BEGINNINGS}",
    "ix_search_name_vocabulary_beginnings": f"search_name_vocabulary {BEGINNINGS}",
}
STATE_OF = sa.text("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)")


def upgrade() -> None:
    with op.get_context().autocommit_block():
        # The driver began one when it was asked for its level of isolation.
        op.execute("COMMIT")
        op.execute(MOODS)
        for statement, first in FILLS:
            fill(statement, first)
        # Waits for whoever is at work, and keeps nobody from it.
        op.execute("SET lock_timeout = 0")
        for name, definition in INDEXES.items():
            create_index(name, definition)


def fill(statement: str, first: str) -> None:
    last: str | None = first
    while last is not None:
        last = next_part(statement, last)


def next_part(statement: str, last: str) -> str | None:
    for _ in range(MOST_TRIES):
        try:
            return op.get_bind().scalar(sa.text(statement), {"last": last})  # type: ignore[no-any-return]
        except DBAPIError as error:
            if not is_in_the_way(error):
                raise
        time.sleep(PAUSE_SECONDS)
    raise TimeoutError("somebody does not let go of what is to be filled")


def is_in_the_way(error: DBAPIError) -> bool:
    said = error.orig.args[0] if error.orig and error.orig.args else None
    return isinstance(said, dict) and said.get("C") in IN_THE_WAY


def create_index(name: str, definition: str) -> None:
    """What a try that was cut short left is not to be used."""
    is_valid = op.get_bind().scalar(STATE_OF, {"name": name})
    if is_valid is False:
        op.execute(f"DROP INDEX CONCURRENTLY {name}")
    if not is_valid:
        op.execute(f"CREATE INDEX CONCURRENTLY {name} ON {definition}")
