"""Lists at a million tracks, play events that count once, repeatable requests, rate limits."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ACTIVE = sa.text("is_active")


def upgrade() -> None:
    index_orders()
    op.create_index(
        "ix_tracks_deleted_at",
        "tracks",
        ["deleted_at"],
        postgresql_where=sa.text("NOT is_active"),
    )
    count_by_hour_and_genre()
    op.add_column("sessions", sa.Column("previous_hash", sa.String(64), nullable=True))
    op.add_column("playback_history", sa.Column("client_key", sa.String(100), nullable=True))
    op.create_index(
        "ix_playback_history_client_key",
        "playback_history",
        ["user_id", "client_key"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("client_key IS NOT NULL"),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_idempotency_keys_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(op.f("ix_idempotency_keys_expires_at"), "idempotency_keys", ["expires_at"])
    op.create_table(
        "rate_counts",
        sa.Column("bucket", sa.String(200), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "window_start", name=op.f("pk_rate_counts")),
        prefixes=["UNLOGGED"],
    )


def index_orders() -> None:
    op.drop_index("idx_tracks_popularity", "tracks")
    for name, columns in (
        ("idx_tracks_popularity", ["popularity DESC", "id DESC"]),
        ("ix_tracks_by_album", ["coalesce(album, '')", "id"]),
        ("ix_tracks_by_year", ["coalesce(year, 0)", "id"]),
        ("ix_tracks_by_duration", ["duration", "id"]),
        ("ix_tracks_by_plays", ["play_count DESC", "id DESC"]),
    ):
        where = None if name.startswith("idx") else ACTIVE
        op.create_index(
            name, "tracks", [sa.text(column) for column in columns], postgresql_where=where
        )


def count_by_hour_and_genre() -> None:
    op.drop_table("track_counts")
    op.create_table(
        "track_counts",
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tracks", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("is_public", "hour", name=op.f("pk_track_counts")),
    )
    op.create_table(
        "genre_counts",
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("genre", sa.String(100), nullable=False),
        sa.Column("tracks", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("is_public", "genre", name=op.f("pk_genre_counts")),
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
    backfill = counting(inserted=True, deleted=False).replace("FROM inserted", "FROM tracks")
    for statement in backfill.split(";"):
        if statement.strip():
            op.execute(statement)


def counting(inserted: bool, deleted: bool) -> str:
    """Statements that add what a statement changed. Rows are locked in the order of their key, so
    that two bulk edits at once cannot wait for each other."""
    columns = "is_public, date_trunc('hour', created_at, 'UTC') AS hour, lower(genre) AS genre"
    changes = " UNION ALL ".join(
        [f"SELECT {columns}, 1 AS one FROM inserted WHERE is_active"] * inserted
        + [f"SELECT {columns}, -1 AS one FROM deleted WHERE is_active"] * deleted
    )
    return " ".join(
        f"INSERT INTO {table} (is_public, {key}, tracks) "
        f"SELECT is_public, {key}, sum(one) FROM ({changes}) changes WHERE {key} IS NOT NULL "
        f"GROUP BY is_public, {key} HAVING sum(one) <> 0 ORDER BY is_public, {key} "
        f"ON CONFLICT (is_public, {key}) DO UPDATE SET tracks = {table}.tracks + excluded.tracks;"
        for table, key in (("track_counts", "hour"), ("genre_counts", "genre"))
    )
