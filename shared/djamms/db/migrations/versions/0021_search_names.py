"""Suggestions: the words of artists', albums' and playlists' names, the largest first. From here
on new names come in; 0022 adds those that are here already."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"

ARTIST, ALBUM, PLAYLIST = 1, 2, 3

# What a word can be found by though one letter is wrong, missing, too many or swapped with its
# neighbour, and though its end is not typed yet: its beginnings of three to seven letters, whole
# and without one letter.
BEGINNINGS = """
CREATE FUNCTION search_beginnings(word text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT
PARALLEL SAFE AS $$
SELECT array_agg(DISTINCT part) FROM generate_series(3, least(length(word), 7)) AS size,
LATERAL (
    SELECT left(word, size) AS part
    UNION ALL
    SELECT overlay(left(word, size) PLACING '' FROM place FOR 1)
    FROM generate_series(1, size) AS place WHERE size > 3
) AS parts
$$"""
# The same of what is typed.
SLIPS = """
CREATE FUNCTION search_slips(word text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT
PARALLEL SAFE AS $$
SELECT ARRAY[left(word, 6)] || ARRAY(
    SELECT overlay(left(word, 6) PLACING '' FROM place FOR 1)
    FROM generate_series(1, least(length(word), 6)) AS place
)
$$"""
# Whether `word` begins with `typed` but for one slip.
IS_SLIP = """
CREATE FUNCTION search_is_slip(word text, typed text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT
PARALLEL SAFE AS $$
SELECT levenshtein_less_equal(left(word, length(typed)), typed, 1) <= 1
    OR levenshtein_less_equal(left(word, length(typed) - 1), typed, 1) <= 1
    OR levenshtein_less_equal(left(word, length(typed) + 1), typed, 1) <= 1
    OR EXISTS (
        SELECT FROM generate_series(1, length(typed) - 1) AS place
        WHERE left(word, length(typed))
            = overlay(typed PLACING reverse(substr(typed, place, 2)) FROM place FOR 2)
    )
$$"""
MAGNITUDE = """
CREATE FUNCTION search_magnitude(tracks bigint) RETURNS smallint LANGUAGE sql IMMUTABLE
PARALLEL SAFE AS $$ SELECT length(ltrim(greatest(tracks, 0)::bit(31)::text, '0'))::smallint $$"""

# Names that are here already only change how large they are, mostly not even that.
STORE = """
CREATE FUNCTION search_store_names(given search_names[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
WITH one AS (SELECT * FROM unnest(given)),
moved AS (
    UPDATE search_names AS name
    SET magnitude = one.magnitude, is_public = one.is_public
    FROM one WHERE name.kind = one.kind AND name.digest = one.digest
    AND (name.magnitude, name.is_public) IS DISTINCT FROM (one.magnitude, one.is_public)
    RETURNING name.digest, name.kind, name.magnitude, name.is_public
)
UPDATE search_name_words AS word SET magnitude = moved.magnitude, is_public = moved.is_public
FROM moved WHERE word.digest = moved.digest AND word.kind = moved.kind;
WITH added AS (
    INSERT INTO search_names (kind, digest, keys, words, whole, magnitude, is_public)
    SELECT one.kind, one.digest, one.keys, split.words, left(array_to_string(split.words, ''), 60),
        one.magnitude, one.is_public
    FROM unnest(given) AS one, LATERAL (SELECT search_split(one.whole) AS words) AS split
    WHERE NOT EXISTS (
        SELECT FROM search_names AS name WHERE name.kind = one.kind AND name.digest = one.digest
    )
    ORDER BY one.kind, one.digest
    ON CONFLICT DO NOTHING
    RETURNING *
),
word AS (
    INSERT INTO search_name_words (kind, digest, word, magnitude, is_public)
    SELECT DISTINCT kind, digest, word, magnitude, is_public
    FROM added, unnest(words || whole) AS word WHERE word <> ''
    ON CONFLICT DO NOTHING
)
INSERT INTO search_name_vocabulary (word)
SELECT DISTINCT word FROM added, unnest(words) AS word WHERE word <> '' ORDER BY word
ON CONFLICT DO NOTHING;
END $$"""

ARTISTS = f"""
SELECT {ARTIST}, md5(key), ARRAY[key], NULL, key, search_magnitude(sum(tracks)::bigint),
    coalesce(sum(tracks) FILTER (WHERE is_public), 0) > 0
FROM artist_counts {{where}} GROUP BY key"""
ALBUMS = f"""
SELECT {ALBUM}, md5(key || chr(31) || artist_key), ARRAY[key, artist_key], NULL, key,
    search_magnitude(sum(tracks)::bigint),
    coalesce(sum(tracks) FILTER (WHERE is_public), 0) > 0
FROM album_counts {{where}} GROUP BY key, artist_key"""
PLAYLISTS = f"""
SELECT {PLAYLIST}, id::text, ARRAY[id::text], NULL, name, search_magnitude(track_count), is_public
FROM playlists WHERE is_active {{where}}"""
ROWS = "ARRAY(SELECT ROW(named.*)::search_names FROM ({source}) AS named)"

AFTER_COUNTS = """
CREATE FUNCTION search_after_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
IF EXISTS (SELECT FROM changed) THEN
    PERFORM search_store_names({rows});
END IF;
RETURN NULL; END $$"""

AFTER_PLAYLIST = """
CREATE FUNCTION search_after_playlist() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
IF TG_OP <> 'INSERT' THEN
    DELETE FROM search_name_words WHERE kind = {kind} AND digest = OLD.id::text;
    DELETE FROM search_names WHERE kind = {kind} AND digest = OLD.id::text;
END IF;
IF TG_OP <> 'DELETE' THEN
    PERFORM search_store_names({rows});
END IF;
RETURN NULL; END $$"""


def upgrade() -> None:
    create_tables()
    for statement in (BEGINNINGS, SLIPS, IS_SLIP, MAGNITUDE, STORE):
        op.execute(statement)
    create_triggers()


def create_tables() -> None:
    c_text = sa.Text(collation="C")
    op.create_table(
        "search_names",
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("digest", c_text, nullable=False),
        sa.Column("keys", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("words", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("whole", sa.Text(), nullable=False),
        sa.Column("magnitude", sa.SmallInteger(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "digest", name=op.f("pk_search_names")),
    )
    op.create_table(
        "search_name_words",
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("digest", c_text, nullable=False),
        sa.Column("word", c_text, nullable=False),
        sa.Column("magnitude", sa.SmallInteger(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "digest", "word", name=op.f("pk_search_name_words")),
    )
    for name, columns in (
        ("magnitude", ["kind", "magnitude", "word"]),
        ("word", ["kind", "word", "magnitude"]),
    ):
        op.create_index(
            f"ix_search_name_words_{name}",
            "search_name_words",
            columns,
            postgresql_include=["is_public", "digest"],
        )
    op.create_table(
        "search_name_vocabulary",
        sa.Column("word", c_text, nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_search_name_vocabulary")),
    )


def create_triggers() -> None:
    for table, source, keys in (
        ("artist_counts", ARTISTS, "key"),
        ("album_counts", ALBUMS, "key, artist_key"),
    ):
        where = f"WHERE ({keys}) IN (SELECT {keys} FROM changed)"
        rows = ROWS.format(source=source.format(where=where))
        op.execute(AFTER_COUNTS.format(table=table, rows=rows))
        for operation in ("insert", "update"):
            op.execute(
                f"CREATE TRIGGER search_after_{operation} AFTER {operation.upper()} ON {table} "
                "REFERENCING NEW TABLE AS changed "
                f"FOR EACH STATEMENT EXECUTE FUNCTION search_after_{table}()"
            )
    rows = ROWS.format(source=PLAYLISTS.format(where="AND id = NEW.id"))
    op.execute(AFTER_PLAYLIST.format(kind=PLAYLIST, rows=rows))
    columns = ("name", "is_public", "is_active", "search_magnitude(track_count)")
    changed = " OR ".join(_is_other(column) for column in columns)
    for operation, when in (("insert", ""), ("delete", ""), ("update", f"WHEN ({changed})")):
        op.execute(
            f"CREATE TRIGGER search_after_{operation} AFTER {operation.upper()} ON playlists "
            f"FOR EACH ROW {when} EXECUTE FUNCTION search_after_playlist()"
        )


def _is_other(column: str) -> str:
    if "(" not in column:
        return f"OLD.{column} IS DISTINCT FROM NEW.{column}"
    function, argument = column.rstrip(")").split("(")
    return f"{function}(OLD.{argument}) <> {function}(NEW.{argument})"
