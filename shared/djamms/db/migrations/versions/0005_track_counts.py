"""Lists that stay fast at any depth and read as people sort: spans that count, folded names."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

# A span is 2^shift seconds long: half a year, 18 hours, four minutes. Each has 256 of the next.
SHIFTS = (24, 16, 8)
SPANS = ", ".join(f"({shift})" for shift in SHIFTS)
# Immutable, so that it can be indexed: the rules of unaccent belong to the server's release.
FOLDED = """
CREATE OR REPLACE FUNCTION folded(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, words)) $$"""
ACTIVE = sa.text("is_active")
SPAN = "floor(extract(epoch FROM created_at))::bigint >> shift"


def upgrade() -> None:
    op.execute(FOLDED)
    index_orders()
    index_parts()
    count_by_spans()


def index_orders() -> None:
    """Each holds all that is needed to skip rows without reading them: see list_repository."""
    for name in (
        *("idx_tracks_title", "idx_tracks_artist", "idx_tracks_popularity"),
        *("ix_tracks_by_album", "ix_tracks_by_year", "ix_tracks_by_duration"),
        *("ix_tracks_by_plays",),
    ):
        op.drop_index(name, "tracks")
    for name, columns, included in (
        ("idx_tracks_title", ["folded(title)", "id"], ["title"]),
        ("idx_tracks_artist", ["folded(artist)", "id"], ["artist"]),
        ("idx_tracks_popularity", ["popularity DESC", "id DESC"], []),
        ("ix_tracks_by_album", ["folded(coalesce(album, ''))", "id"], ["album"]),
        ("ix_tracks_by_year", ["coalesce(year, 0)", "id"], ["year"]),
        ("ix_tracks_by_duration", ["duration", "id"], []),
        ("ix_tracks_by_plays", ["play_count DESC", "id DESC"], []),
    ):
        op.create_index(
            name,
            "tracks",
            [sa.text(column) for column in columns],
            postgresql_include=["is_public", *included],
            postgresql_where=ACTIVE,
        )


def index_parts() -> None:
    op.drop_index("ix_tracks_artist_trigrams", "tracks")
    for column in ("title", "artist", "album"):
        op.execute(
            f"CREATE INDEX ix_tracks_{column}_trigrams ON tracks "
            f"USING gin (folded({column}) gin_trgm_ops)"
        )


def count_by_spans() -> None:
    op.drop_table("track_counts")
    op.create_table(
        "track_counts",
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("shift", sa.SmallInteger(), nullable=False),
        sa.Column("span", sa.BigInteger(), nullable=False),
        sa.Column("tracks", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("is_public", "shift", "span", name=op.f("pk_track_counts")),
    )
    for operation, inserted, deleted in (
        ("insert", True, False),
        ("update", True, True),
        ("delete", False, True),
    ):
        op.execute(
            f"CREATE OR REPLACE FUNCTION count_tracks_after_{operation}() RETURNS trigger "
            f"LANGUAGE plpgsql AS $$ BEGIN {counting(inserted, deleted)} RETURN NULL; END $$"
        )
    op.execute(count_spans("SELECT is_public, created_at, 1 AS one FROM tracks WHERE is_active"))


def counting(inserted: bool, deleted: bool) -> str:
    """Statements that add what a statement changed."""
    columns = "is_public, created_at, lower(genre) AS genre"
    changes = " UNION ALL ".join(
        [f"SELECT {columns}, 1 AS one FROM inserted WHERE is_active"] * inserted
        + [f"SELECT {columns}, -1 AS one FROM deleted WHERE is_active"] * deleted
    )
    return f"{count_spans(changes)}; {count_genres(changes)};"


# Rows are locked in the order of their key, so that two bulk edits cannot wait for each other.


def count_spans(changes: str) -> str:
    return (
        "INSERT INTO track_counts (is_public, shift, span, tracks) "
        f"SELECT is_public, shift, {SPAN} AS span, sum(one) "
        f"FROM ({changes}) changes, (VALUES {SPANS}) shifts (shift) "
        "GROUP BY is_public, shift, span HAVING sum(one) <> 0 ORDER BY is_public, shift, span "
        "ON CONFLICT (is_public, shift, span) "
        "DO UPDATE SET tracks = track_counts.tracks + excluded.tracks"
    )


def count_genres(changes: str) -> str:
    return (
        "INSERT INTO genre_counts (is_public, genre, tracks) "
        f"SELECT is_public, genre, sum(one) FROM ({changes}) changes WHERE genre IS NOT NULL "
        "GROUP BY is_public, genre HAVING sum(one) <> 0 ORDER BY is_public, genre "
        "ON CONFLICT (is_public, genre) "
        "DO UPDATE SET tracks = genre_counts.tracks + excluded.tracks"
    )
