"""Search: one form of each letter, words of any length, an artist by part of his name."""

from alembic import op

revision = "0004"
down_revision = "0003"

# The same for what is stored and what is asked: no accents, one form of each letter; then "P!nk"
# and "A$AP" read as they are said, apostrophes joined over, all else that is neither letter nor
# digit parts words.
PLAIN = """
CREATE OR REPLACE FUNCTION search_plain(phrase text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT lower(public.unaccent('public.unaccent', normalize(phrase, NFKC)))
$$"""
# A lexeme has a limit, and no word of a language has 60 letters.
SPLIT = """
CREATE OR REPLACE FUNCTION search_split(phrase text) RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT string_to_array(trim(CASE WHEN length(words) <= 60 THEN words
    ELSE regexp_replace(words, '([^ ]{60})[^ ]+', '\\1', 'g') END), ' ')
FROM regexp_replace(regexp_replace(translate(search_plain(phrase), '$''`', 's'),
    '(?<=[[:alnum:]])!(?=[[:alnum:]])', 'i', 'g'), '[^[:alnum:]]+', ' ', 'g') AS words
$$"""

# Signs before a lexeme: = the title in one, @ the artist in one, #g genre, #y year, #d decade,
# #l length (short, medium, long), #b bitrate at least.
DOCUMENT = """
CREATE OR REPLACE FUNCTION search_document(track tracks) RETURNS SETOF search_documents
LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT track.id, search_tier(track.popularity),
    track.popularity, track.is_public, track.duration, track.year, track.bitrate,
    lower(track.genre), search_plain(track.artist),
    concat_ws(' ',
        regexp_replace(array_to_string(title, ' '), '(\\S+)', '\\1:1A', 'g'),
        regexp_replace(array_to_string(artist, ' '), '(\\S+)', '\\1:2B', 'g'),
        regexp_replace(array_to_string(album, ' '), '(\\S+)', '\\1:3C', 'g'))::tsvector
    || array_to_tsvector(array_remove(ARRAY[
        '=' || left(array_to_string(title, ''), 60),
        '@' || left(array_to_string(artist, ''), 60),
        '#g' || lower(track.genre),
        '#y' || track.year,
        '#d' || track.year / 10,
        CASE WHEN track.duration < 180 THEN '#ls' WHEN track.duration <= 300 THEN '#lm'
            ELSE '#ll' END,
        '#b' || CASE WHEN track.bitrate >= 320 THEN 320 WHEN track.bitrate >= 256 THEN 256
            WHEN track.bitrate >= 192 THEN 192 WHEN track.bitrate >= 128 THEN 128 ELSE 0 END
    ], NULL))
FROM (SELECT search_split(track.title) AS title, search_split(track.artist) AS artist,
    search_split(coalesce(track.album, '')) AS album) words
$$"""

# All anew and at once: row by row a million tracks would take longer than a function may.
REBUILD = (
    "LOCK TABLE tracks IN SHARE ROW EXCLUSIVE MODE",
    "TRUNCATE search_documents, search_words",
    "INSERT INTO search_documents SELECT document.* FROM tracks, search_document(tracks) document"
    " WHERE tracks.is_active",
    "INSERT INTO search_words (word, tracks, public_tracks)"
    " SELECT word, count(*), count(*) FILTER (WHERE is_public)"
    " FROM (SELECT is_public, unnest(tsvector_to_array(words)) AS word FROM search_documents) words"
    " WHERE word !~ '^[#=@]' GROUP BY word",
)


def upgrade() -> None:
    for name, table, *_ in INDEXES:
        op.drop_index(name, table, if_exists=True)
    for statement in (PLAIN, SPLIT, DOCUMENT, *REBUILD):
        op.execute(statement)
    for name, table, words in INDEXES:
        op.execute(f"CREATE INDEX {name} ON {table} {words}")


INDEXES = (
    ("ix_search_documents_words", "search_documents", "USING gin (words) WITH (fastupdate = off)"),
    (
        "ix_search_documents_artist_trigrams",
        "search_documents",
        "USING gin (artist gin_trgm_ops) WITH (fastupdate = off)",
    ),
    ("ix_search_words_magnitude", "search_words", "(magnitude, word)"),
    ("ix_search_words_trigrams", "search_words", "USING gin (word gin_trgm_ops)"),
    (
        "ix_search_words_deletions",
        "search_words",
        "USING gin (search_deletions(word)) WITH (fastupdate = off)",
    ),
)
