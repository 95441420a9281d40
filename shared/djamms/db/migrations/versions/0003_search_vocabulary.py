"""Search: documents of the tracks by popularity, and the vocabulary of their words."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"

TIERS = (81, 60, 40, 20, 0)

# The same for what is stored and what is asked: no accents, "P!nk" and "A$AP" read as they are
# said, apostrophes joined over, everything else between letters and digits parts words.
SPLIT = """
CREATE FUNCTION search_split(phrase text) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT string_to_array(trim(regexp_replace(regexp_replace(
    translate(lower(public.unaccent('public.unaccent', phrase)), '$''`', 's'),
    '(?<=[[:alnum:]])!(?=[[:alnum:]])', 'i', 'g'), '[^[:alnum:]]+', ' ', 'g')), ' ')
$$"""

# `word` without up to two of its first letters in every way (the deletions of SymSpell): words
# whose deletions meet are at most four edits apart, and all that are two apart meet.
DELETIONS = """
CREATE FUNCTION search_deletions(word text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
WITH whole AS (SELECT left(word, 6) AS part),
one AS (SELECT overlay(part PLACING '' FROM i FOR 1) AS part
    FROM whole, generate_series(1, length(part)) i),
two AS (SELECT overlay(part PLACING '' FROM i FOR 1) AS part
    FROM one, generate_series(1, length(part)) i WHERE length(word) >= 5)
SELECT array_agg(part) FROM (TABLE whole UNION TABLE one UNION TABLE two) parts
$$"""

TIER = """
CREATE FUNCTION search_tier(popularity integer) RETURNS smallint LANGUAGE sql IMMUTABLE
PARALLEL SAFE AS $$ SELECT (CASE {tiers} END)::smallint $$"""

# Signs before a lexeme: = the title in one, @ the artist in one, #g genre, #y year, #d decade,
# #l length (short, medium, long), #b bitrate at least, #p public.
DOCUMENT = """
CREATE FUNCTION search_document(track tracks) RETURNS SETOF search_documents
LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT track.id, search_tier(track.popularity),
    track.popularity, track.is_public, track.duration, track.year, track.bitrate,
    lower(track.genre), lower(public.unaccent('public.unaccent', track.artist)),
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
            WHEN track.bitrate >= 192 THEN 192 WHEN track.bitrate >= 128 THEN 128 ELSE 0 END,
        CASE WHEN track.is_public THEN '#p' END
    ], NULL))
FROM (SELECT search_split(track.title) AS title, search_split(track.artist) AS artist,
    search_split(coalesce(track.album, '')) AS album) words
$$"""

WORDS_OF = "unnest(tsvector_to_array(words)) AS word"
IS_WORD = "word !~ '^[#=@]'"
# Rows are locked in the order of their key, so that two statements cannot wait for each other.
COUNT = """INSERT INTO search_words AS known (word, tracks, public_tracks)
{changes} ORDER BY word
ON CONFLICT (word) DO UPDATE SET tracks = known.tracks + excluded.tracks,
    public_tracks = known.public_tracks + excluded.public_tracks"""

ADDED = f"""SELECT word, count(*), count(*) FILTER (WHERE is_public)
FROM (SELECT is_public, {WORDS_OF} FROM added) words WHERE {IS_WORD} GROUP BY word"""
CHANGED = f"""SELECT word, sum(one), sum(one * is_public::int) FROM (
    SELECT is_public, -1 AS one, {WORDS_OF} FROM earlier
    UNION ALL SELECT is_public, 1 AS one, {WORDS_OF} FROM later) words
WHERE {IS_WORD} GROUP BY word
HAVING sum(one) <> 0 OR sum(one * is_public::int) <> 0"""

# Words are counted by one transaction at a time: two bulk edits would lock the same words in
# different orders.
LOCK = "PERFORM pg_advisory_xact_lock(hashtext('search_words'))"

AFTER_INSERT = f"""
CREATE FUNCTION search_after_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
{LOCK};
WITH added AS (
    INSERT INTO search_documents
    SELECT document.* FROM inserted, search_document(inserted::tracks) document
    WHERE inserted.is_active RETURNING words, is_public
) {COUNT.format(changes=ADDED)};
RETURN NULL; END $$"""

# Makes true what is said of these tracks, whatever happened to them. By hundreds, because the
# plan is made for few.
REFRESH = f"""
CREATE FUNCTION search_refresh(ids uuid[]) RETURNS void LANGUAGE plpgsql
SET enable_nestloop = on AS $$
DECLARE part uuid[]; gone text[];
BEGIN
{LOCK};
FOR start IN 1 .. cardinality(ids) BY 100 LOOP
    part := ids[start : start + 99];
    WITH earlier AS (SELECT * FROM search_documents WHERE track_id = ANY (part)),
    later AS (SELECT document.* FROM tracks, search_document(tracks) document
        WHERE tracks.id = ANY (part) AND tracks.is_active),
    removed AS (DELETE FROM search_documents WHERE track_id = ANY (part)
        AND track_id NOT IN (SELECT track_id FROM later)),
    updated AS (UPDATE search_documents SET {{assignments}} FROM later
        WHERE search_documents.track_id = later.track_id),
    added AS (INSERT INTO search_documents SELECT * FROM later
        WHERE track_id NOT IN (SELECT track_id FROM earlier)),
    counted AS ({COUNT.format(changes=CHANGED)} RETURNING word, tracks)
    SELECT array_agg(word) INTO gone FROM counted WHERE tracks <= 0;
    IF gone IS NOT NULL THEN
        DELETE FROM search_words WHERE word = ANY (gone) AND tracks <= 0;
    END IF;
END LOOP;
END $$"""

# Popularity changes most often and moves no word.
MOVE = """
CREATE FUNCTION search_move(ids uuid[]) RETURNS void LANGUAGE plpgsql
SET enable_nestloop = on AS $$ BEGIN
FOR start IN 1 .. cardinality(ids) BY 100 LOOP
    UPDATE search_documents
    SET popularity = tracks.popularity, tier = search_tier(tracks.popularity)
    FROM tracks WHERE tracks.id = ANY (ids[start : start + 99])
    AND search_documents.track_id = tracks.id;
END LOOP;
END $$"""

CONTENT = (
    *("title", "artist", "album", "genre", "year", "duration", "bitrate"),
    *("is_public", "is_active"),
)
# Hash joins only: the plan is kept, perhaps made for one row and used for a million.
AFTER_UPDATE = """
CREATE FUNCTION search_after_update() RETURNS trigger LANGUAGE plpgsql
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

AFTER_DELETE = """
CREATE FUNCTION search_after_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
PERFORM search_refresh(ARRAY(SELECT id FROM deleted));
RETURN NULL; END $$"""

# No statement may take longer than the driver waits, so a large library is read in parts.
FILL_PART = sa.text(
    "WITH part AS (SELECT id FROM tracks WHERE id > CAST(:last AS uuid) ORDER BY id LIMIT 5000)"
    " SELECT (SELECT id::text FROM part ORDER BY id DESC LIMIT 1),"
    " search_refresh(ARRAY(SELECT id FROM part))"
)


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS fuzzystrmatch WITH SCHEMA public")
    op.drop_index("ix_tracks_search_vector", "tracks")
    op.drop_column("tracks", "search_vector")
    op.execute(SPLIT)
    op.execute(DELETIONS)
    create_documents()
    create_words()
    tiers = " ".join(
        f"WHEN popularity >= {lowest} THEN {tier}" for tier, lowest in enumerate(TIERS)
    )
    assignments = ", ".join(
        f"{column} = later.{column}"
        for column in (
            *("tier", "popularity", "is_public", "duration_seconds", "year"),
            *("bitrate_kbps", "genre", "artist", "words"),
        )
    )
    op.execute(TIER.format(tiers=tiers))
    op.execute(DOCUMENT)
    op.execute(MOVE)
    op.execute(REFRESH.format(assignments=assignments))
    create_triggers()
    fill()


def create_documents() -> None:
    op.create_table(
        "search_documents",
        sa.Column("track_id", sa.Uuid(), nullable=False),
        sa.Column("tier", sa.SmallInteger(), nullable=False),
        sa.Column("popularity", sa.SmallInteger(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("duration_seconds", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("bitrate_kbps", sa.Integer(), nullable=True),
        sa.Column("genre", sa.String(100), nullable=True),
        sa.Column("artist", sa.Text(), nullable=False),
        sa.Column("words", postgresql.TSVECTOR(), nullable=False),
        sa.PrimaryKeyConstraint("track_id", "tier", name=op.f("pk_search_documents")),
        postgresql_partition_by="LIST (tier)",
    )
    # Apart, so that they are not taken for tables that no model knows.
    op.execute("CREATE SCHEMA search")
    for tier in range(len(TIERS)):
        op.execute(
            f"CREATE TABLE search.documents_{tier} PARTITION OF search_documents "
            f"FOR VALUES IN ({tier})"
        )
    op.create_index(
        "ix_search_documents_words",
        "search_documents",
        ["words"],
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )


def create_words() -> None:
    magnitude = sa.Computed("length(ltrim(tracks::bit(31)::text, '0'))", persisted=True)
    op.create_table(
        "search_words",
        sa.Column("word", sa.Text(collation="C"), nullable=False),
        sa.Column("tracks", sa.Integer(), nullable=False),
        sa.Column("public_tracks", sa.Integer(), nullable=False),
        sa.Column("magnitude", sa.SmallInteger(), magnitude, nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_search_words")),
        postgresql_with={"fillfactor": 70},
    )
    op.create_index("ix_search_words_magnitude", "search_words", ["magnitude", "word"])
    op.create_index(
        "ix_search_words_trigrams",
        "search_words",
        ["word"],
        postgresql_using="gin",
        postgresql_ops={"word": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_search_words_deletions",
        "search_words",
        [sa.text("search_deletions(word)")],
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )


def create_triggers() -> None:
    new, old = (
        ", ".join(f"{table}.{column}" for column in CONTENT) for table in ("inserted", "deleted")
    )
    op.execute(AFTER_INSERT)
    op.execute(AFTER_UPDATE.format(new=new, old=old))
    op.execute(AFTER_DELETE)
    for operation, tables in (
        ("insert", "NEW TABLE AS inserted"),
        ("update", "NEW TABLE AS inserted OLD TABLE AS deleted"),
        ("delete", "OLD TABLE AS deleted"),
    ):
        op.execute(
            f"CREATE TRIGGER search_after_{operation} AFTER {operation.upper()} ON tracks "
            f"REFERENCING {tables} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION search_after_{operation}()"
        )


def fill() -> None:
    last: str | None = "00000000-0000-0000-0000-000000000000"
    while last:
        last = op.get_bind().execute(FILL_PART, {"last": last}).scalar()
