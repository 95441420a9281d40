"""Tags: moods that files name, and people's own words; searched, filtered by and counted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"

# As 0006, and the words of tags (D). Signs before a lexeme: = the title in one, @ the artist in
# one, #g each genre's key, #t each tag's, #y year, #d decade, #l length (short, medium, long), #b
# bitrate at least. `tags` is empty where a genre says it all.
DOCUMENT = """
CREATE OR REPLACE FUNCTION search_document(track tracks) RETURNS SETOF search_documents
LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT track.id, search_tier(track.popularity),
    track.popularity, track.is_public, track.duration, track.year, track.bitrate,
    lower(track.genre), search_plain(track.artist),
    concat_ws(' ',
        regexp_replace(array_to_string(title, ' '), '(\\S+)', '\\1:1A', 'g'),
        regexp_replace(array_to_string(artist, ' '), '(\\S+)', '\\1:2B', 'g'),
        regexp_replace(array_to_string(album, ' '), '(\\S+)', '\\1:3C', 'g'),
        regexp_replace(array_to_string(tags, ' '), '(\\S+)', '\\1:4C', 'g'))::tsvector
    || array_to_tsvector(array_remove(ARRAY[
        '=' || left(array_to_string(title, ''), 60),
        '@' || left(array_to_string(artist, ''), 60),
        '#y' || track.year,
        '#d' || track.year / 10,
        CASE WHEN track.duration < 180 THEN '#ls' WHEN track.duration <= 300 THEN '#lm'
            ELSE '#ll' END,
        '#b' || CASE WHEN track.bitrate >= 320 THEN 320 WHEN track.bitrate >= 256 THEN 256
            WHEN track.bitrate >= 192 THEN 192 WHEN track.bitrate >= 128 THEN 128 ELSE 0 END
    ] || ARRAY(SELECT '#g' || key FROM unnest(track.genre_keys) AS key)
    || CASE WHEN track.tags <> '{}'
        THEN ARRAY(SELECT '#t' || key FROM unnest(genre_keys(track.tags)) AS key) END, NULL)),
    search_tags(track.genre, track.genres, track.tags)
FROM (SELECT search_split(track.title) AS title, search_split(track.artist) AS artist,
    search_split(coalesce(track.album, '')) AS album,
    CASE WHEN track.tags <> '{}' THEN search_split(array_to_string(track.tags, ' ')) END AS tags
) words
$$"""
# Each once, whatever its spelling; NULL where there is a genre at most.
TAGS = """
CREATE FUNCTION search_tags(genre varchar, genres text[], tags text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN tags <> '{}' OR cardinality(genres) > 1 THEN ARRAY(
    SELECT min(lower(name)) FROM unnest(genres || genre::text || tags) AS name
    WHERE name <> '' GROUP BY public.genre_key(name)) END
$$"""

ASSIGNMENTS = ", ".join(
    f"{column} = later.{column}"
    for column in (
        *("tier", "popularity", "is_public", "duration_seconds", "year"),
        *("bitrate_kbps", "genre", "artist", "words", "tags"),
    )
)
# As 0003 has it, with tags.
REFRESH = f"""
CREATE OR REPLACE FUNCTION search_refresh(ids uuid[]) RETURNS void LANGUAGE plpgsql
SET enable_nestloop = on AS $$
DECLARE part uuid[]; gone text[];
BEGIN
PERFORM pg_advisory_xact_lock(hashtext('search_words'));
FOR start IN 1 .. cardinality(ids) BY 100 LOOP
    part := ids[start : start + 99];
    WITH earlier AS (SELECT * FROM search_documents WHERE track_id = ANY (part)),
    later AS (SELECT document.* FROM tracks, search_document(tracks) document
        WHERE tracks.id = ANY (part) AND tracks.is_active),
    removed AS (DELETE FROM search_documents WHERE track_id = ANY (part)
        AND track_id NOT IN (SELECT track_id FROM later)),
    updated AS (UPDATE search_documents SET {ASSIGNMENTS} FROM later
        WHERE search_documents.track_id = later.track_id),
    added AS (INSERT INTO search_documents SELECT * FROM later
        WHERE track_id NOT IN (SELECT track_id FROM earlier)),
    counted AS (INSERT INTO search_words AS known (word, tracks, public_tracks)
SELECT word, sum(one), sum(one * is_public::int) FROM (
    SELECT is_public, -1 AS one, unnest(tsvector_to_array(words)) AS word FROM earlier
    UNION ALL SELECT is_public, 1 AS one, unnest(tsvector_to_array(words)) AS word FROM later) words
WHERE word !~ '^[#=@]' GROUP BY word
HAVING sum(one) <> 0 OR sum(one * is_public::int) <> 0 ORDER BY word
ON CONFLICT (word) DO UPDATE SET tracks = known.tracks + excluded.tracks,
    public_tracks = known.public_tracks + excluded.public_tracks RETURNING word, tracks)
    SELECT array_agg(word) INTO gone FROM counted WHERE tracks <= 0;
    IF gone IS NOT NULL THEN
        DELETE FROM search_words WHERE word = ANY (gone) AND tracks <= 0;
    END IF;
END LOOP;
END $$"""

SEARCHED = (
    *("title", "artist", "album", "genre", "genre_keys", "tags", "year", "duration", "bitrate"),
    *("is_public", "is_active"),
)
# As 0006, with tags.
AFTER_UPDATE = """
CREATE OR REPLACE FUNCTION search_after_update() RETURNS trigger LANGUAGE plpgsql
SET enable_nestloop = off AS $$
DECLARE changed uuid[]; moved uuid[];
BEGIN
SELECT array_agg(id) FILTER (WHERE is_changed), array_agg(id) FILTER (WHERE NOT is_changed)
INTO changed, moved FROM (
    SELECT inserted.id, ({new}) IS DISTINCT FROM ({old}) AS is_changed,
        inserted.popularity <> deleted.popularity AS is_moved
    FROM inserted JOIN deleted USING (id)
) AS updated WHERE is_changed OR is_moved;
IF changed IS NOT NULL THEN PERFORM search_refresh(changed); END IF;
IF moved IS NOT NULL THEN PERFORM search_move(moved); END IF;
RETURN NULL; END $$"""


def upgrade() -> None:
    texts = postgresql.ARRAY(sa.Text())
    # Neither writes a table anew: what takes long is left to 0022, as these locks keep readers out.
    op.add_column("tracks", sa.Column("tags", texts, server_default="{}", nullable=False))
    op.add_column("search_documents", sa.Column("tags", texts, nullable=True))
    new, old = (
        ", ".join(f"{table}.{column}" for column in SEARCHED) for table in ("inserted", "deleted")
    )
    for statement in (TAGS, DOCUMENT, REFRESH, AFTER_UPDATE.format(new=new, old=old)):
        op.execute(statement)
