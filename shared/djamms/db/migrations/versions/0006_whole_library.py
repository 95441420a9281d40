"""All that a file's tags say: album artists, several artists and genres, and counts of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"

# The same as djamms.genres.genre_key: "R&B", "R and B" and "r & b" are one genre.
GENRE_KEY = """
CREATE FUNCTION genre_key(name text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT regexp_replace(public.folded(replace(name, '&', 'and')), '[^[:alnum:]]+', '', 'g') $$"""
KEYS = """
CREATE FUNCTION {name}(names text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT coalesce(array_agg(DISTINCT key ORDER BY key), '{{}}')
FROM (SELECT public.{of_one}(name) AS key FROM unnest(names) AS name) AS keys WHERE key <> '' $$"""

# Spellings that ingest writes in the usual way since; the key of each, and that way.
USUAL = {
    "drumandbass": "Drum & Bass", "drumbass": "Drum & Bass", "drumnbass": "Drum & Bass",
    "dnb": "Drum & Bass", "synthpop": "Synthpop", "randb": "R&B", "rnb": "R&B",
    "rhythmandblues": "R&B", "hiphop": "Hip Hop", "rockandroll": "Rock & Roll",
    "rocknroll": "Rock & Roll", "rockroll": "Rock & Roll",
}  # fmt: skip

USUAL_NAME = """
CREATE FUNCTION pg_temp.usual(name text) RETURNS text LANGUAGE sql AS $$
SELECT CASE genre_key(name) {cases} ELSE name END $$"""
SEVERAL = """
CREATE FUNCTION pg_temp.several(names jsonb) RETURNS text[] LANGUAGE sql AS $$
SELECT CASE WHEN jsonb_typeof(names) = 'array' AND jsonb_array_length(names) > 1
    THEN ARRAY(SELECT jsonb_array_elements_text(names)) ELSE '{}' END $$"""
USUAL_NAMES = """
CREATE FUNCTION pg_temp.usual_names(names text[]) RETURNS text[] LANGUAGE sql AS $$
SELECT ARRAY(SELECT pg_temp.usual(name) FROM unnest(names) WITH ORDINALITY AS one (name, place)
    ORDER BY place) $$"""
# What the files said already comes out of their tags, all in one go: as updates, it would go
# through every index row by row.
REWRITE = """
ALTER TABLE tracks
ALTER album_artist TYPE varchar(255) USING left(nullif(metadata->>'album_artist', ''), 255),
ALTER artists TYPE text[] USING pg_temp.several(metadata->'artists'),
ALTER genres TYPE text[] USING pg_temp.usual_names(pg_temp.several(metadata->'genres')),
ALTER genre TYPE varchar(100) USING pg_temp.usual(genre),
ADD artist_keys text[] NOT NULL
    GENERATED ALWAYS AS (folded_names(artists || artist::text)) STORED,
ADD genre_keys text[] NOT NULL GENERATED ALWAYS AS (genre_keys(genres || genre::text)) STORED"""

# Signs before a lexeme: = the title in one, @ the artist in one, #g each genre's key, #y year,
# #d decade, #l length (short, medium, long), #b bitrate at least.
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
        '#y' || track.year,
        '#d' || track.year / 10,
        CASE WHEN track.duration < 180 THEN '#ls' WHEN track.duration <= 300 THEN '#lm'
            ELSE '#ll' END,
        '#b' || CASE WHEN track.bitrate >= 320 THEN 320 WHEN track.bitrate >= 256 THEN 256
            WHEN track.bitrate >= 192 THEN 192 WHEN track.bitrate >= 128 THEN 128 ELSE 0 END
    ] || ARRAY(SELECT '#g' || key FROM unnest(track.genre_keys) AS key), NULL))
FROM (SELECT search_split(track.title) AS title, search_split(track.artist) AS artist,
    search_split(coalesce(track.album, '')) AS album) words
$$"""
SEARCHED = (
    *("title", "artist", "album", "genre", "genre_keys", "year", "duration", "bitrate"),
    *("is_public", "is_active"),
)
# As before, with all genres.
SEARCH_AFTER_UPDATE = """
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
NEW_SIGNS = (
    "UPDATE search_documents SET words = document.words FROM tracks, search_document(tracks) document"
    " WHERE tracks.id = search_documents.track_id AND document.track_id = search_documents.track_id"
    " AND document.words <> search_documents.words"
)

SPANS = "(VALUES (24), (16), (8)) AS shifts (shift)"
# Table → its key's columns with what they are of a track, what is unnested, what is summed.
COUNTS: dict[str, tuple[dict[str, str], str, dict[str, str]]] = {
    "track_counts": (
        {
            "is_public": "is_public",
            "shift": "shift",
            "span": "floor(extract(epoch FROM created_at))::bigint >> shift",
        },
        SPANS,
        {"tracks": "1"},
    ),
    "genre_counts": (
        {"key": "genre_key(name)", "name": "name", "is_public": "is_public"},
        "unnest(CASE WHEN genres = '{}' THEN ARRAY[genre] ELSE genres END) AS names (name)",
        {"tracks": "1"},
    ),
    "artist_counts": (
        {
            "key": "folded(name)",
            "album": "folded(coalesce(album, ''))",
            "name": "name",
            "is_public": "is_public",
        },
        "unnest(CASE WHEN artists = '{}' THEN ARRAY[artist] ELSE artists END) AS names (name)",
        {"tracks": "1"},
    ),
    "album_counts": (
        {
            "key": "folded(name)",
            "artist_key": "folded(credited)",
            "name": "name",
            "artist": "credited",
            "is_public": "is_public",
        },
        "(SELECT album, coalesce(album_artist, artist) WHERE album <> '')"
        " AS albums (name, credited)",
        {"tracks": "1", "seconds": "duration"},
    ),
}
COUNTED = (
    *("is_active", "is_public", "created_at", "duration", "artist", "artists", "album"),
    *("album_artist", "genre", "genres"),
)
# Hash joins only: the plan is kept, perhaps made for one row and used for a million.
AFTER_UPDATE = """
CREATE OR REPLACE FUNCTION count_tracks_after_update() RETURNS trigger LANGUAGE plpgsql
SET enable_nestloop = off AS $$ BEGIN
IF EXISTS (SELECT FROM inserted JOIN deleted USING (id) WHERE ({new}) IS DISTINCT FROM ({old}))
THEN {counting} END IF;
RETURN NULL; END $$"""


def upgrade() -> None:
    op.execute(GENRE_KEY)
    op.execute(KEYS.format(name="folded_names", of_one="folded"))
    op.execute(KEYS.format(name="genre_keys", of_one="genre_key"))
    add_columns()
    replace_counts()
    op.execute(DOCUMENT)
    op.execute(SEARCH_AFTER_UPDATE.format(**old_and_new(SEARCHED)))
    op.execute(NEW_SIGNS)
    rename_known_genres()
    scope_play_keys()


def add_columns() -> None:
    texts = postgresql.ARRAY(sa.Text())
    op.add_column("tracks", sa.Column("album_artist", sa.String(255), nullable=True))
    for name in ("artists", "genres"):
        op.add_column("tracks", sa.Column(name, texts, server_default="{}", nullable=False))
    cases = " ".join(f"WHEN '{key}' THEN '{usual}'" for key, usual in USUAL.items())
    for statement in (USUAL_NAME.format(cases=cases), SEVERAL, USUAL_NAMES):
        op.execute(statement)
    op.drop_index("ix_tracks_lower_genre", "tracks")
    op.execute(REWRITE)
    index_columns()


def index_columns() -> None:
    for name in ("artist_keys", "genre_keys"):
        op.create_index(f"ix_tracks_{name}", "tracks", [name], postgresql_using="gin")
    active = sa.text("is_active")
    of_album = ("folded(coalesce(album, ''))", "folded(coalesce(album_artist, artist))")
    op.create_index(
        "ix_tracks_of_album",
        "tracks",
        [sa.text(expression) for expression in of_album],
        postgresql_where=active,
    )
    op.create_index(
        "ix_tracks_by_year_up",
        "tracks",
        [sa.text("coalesce(year, 9999)"), "id"],
        postgresql_include=["is_public", "year"],
        postgresql_where=active,
    )


def replace_counts() -> None:
    op.drop_table("genre_counts")
    kinds: dict[str, type[sa.Text | sa.Boolean]] = {"is_public": sa.Boolean}
    for table in ("genre_counts", "artist_counts", "album_counts"):
        keys, _, sums = COUNTS[table]
        op.create_table(
            table,
            *(sa.Column(name, kinds.get(name, sa.Text)(), nullable=False) for name in keys),
            *(sa.Column(name, sa.BigInteger(), nullable=False) for name in sums),
            sa.PrimaryKeyConstraint(*keys, name=op.f(f"pk_{table}")),
        )
        op.execute(count(table, {"tracks": 1}))
    for operation, tables in (("insert", {"inserted": 1}), ("delete", {"deleted": -1})):
        op.execute(
            f"CREATE OR REPLACE FUNCTION count_tracks_after_{operation}() RETURNS trigger "
            f"LANGUAGE plpgsql AS $$ BEGIN {counting(tables)} RETURN NULL; END $$"
        )
    update = counting({"inserted": 1, "deleted": -1})
    op.execute(AFTER_UPDATE.format(counting=update, **old_and_new(COUNTED)))


def counting(tables: dict[str, int]) -> str:
    return " ".join(f"{count(table, tables)};" for table in COUNTS)


def count(table: str, tables: dict[str, int]) -> str:
    """Adds the tracks of tables with a sign. Rows are locked in the order of their key, so that
    two bulk edits cannot wait for each other."""
    keys, each, sums = COUNTS[table]
    columns = ", ".join(keys)
    of_tracks = ", ".join(f"{expression} AS {name}" for name, expression in keys.items())
    changes = " UNION ALL ".join(
        f"SELECT {of_tracks}, "
        + ", ".join(f"{sign} * {expression} AS {name}" for name, expression in sums.items())
        + f" FROM {source}, LATERAL {each} WHERE is_active"
        + " AND name <> ''" * ("name" in keys)
        for source, sign in tables.items()
    )
    totals = ", ".join(f"sum({name}) AS {name}" for name in sums)
    changed = " OR ".join(f"sum({name}) <> 0" for name in sums)
    added = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in sums)
    return (
        f"INSERT INTO {table} ({columns}, {', '.join(sums)}) SELECT {columns}, {totals} "
        f"FROM ({changes}) AS changes GROUP BY {columns} HAVING {changed} ORDER BY {columns} "
        f"ON CONFLICT ({columns}) DO UPDATE SET {added}"
    )


def old_and_new(columns: tuple[str, ...]) -> dict[str, str]:
    tables = {"new": "inserted", "old": "deleted"}
    return {
        word: ", ".join(f"{table}.{column}" for column in columns) for word, table in tables.items()
    }


def rename_known_genres() -> None:
    """As ingest spells them; else both would count nothing for ever."""
    op.execute("UPDATE genres SET name = 'Drum & Bass' WHERE slug = 'drum-and-bass'")
    op.execute("UPDATE genres SET slug = 'synthpop', name = 'Synthpop' WHERE slug = 'synth-pop'")


def scope_play_keys() -> None:
    """Guests have no account to tell their keys apart by, so the key of each holds who it is."""
    op.drop_index("ix_playback_history_client_key", "playback_history")
    op.execute("UPDATE playback_history SET client_key = NULL WHERE user_id IS NULL")
    op.create_index(
        "ix_playback_history_client_key",
        "playback_history",
        ["user_id", "client_key"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("client_key IS NOT NULL"),
    )
