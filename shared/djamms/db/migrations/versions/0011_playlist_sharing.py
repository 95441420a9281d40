"""Playlists: their history, who else edits them, and links to them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"

NOW = sa.text("now()")


def upgrade() -> None:
    versions()
    collaborators()
    links()
    # With the id, an order is read from the index alone.
    op.drop_index("idx_playlist_tracks_position", "playlist_tracks")
    op.create_index(
        "idx_playlist_tracks_position", "playlist_tracks", ["playlist_id", "position", "id"]
    )


def versions() -> None:
    op.create_table(
        "playlist_versions",
        sa.Column("playlist_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("made_by", sa.Uuid()),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("changed", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("track_count", sa.Integer(), nullable=False),
        sa.Column("undo", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("order_before", postgresql.ARRAY(sa.Uuid())),
        sa.ForeignKeyConstraint(
            ["playlist_id"],
            ["playlists.id"],
            "fk_playlist_versions_playlist_id_playlists",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["users.id"], "fk_playlist_versions_made_by_users", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("playlist_id", "version", name="pk_playlist_versions"),
    )
    op.create_index("ix_playlist_versions_made_at", "playlist_versions", ["made_at"])


def collaborators() -> None:
    op.create_table(
        "playlist_collaborators",
        sa.Column("playlist_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("added_by", sa.Uuid()),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "role IN ('viewer', 'editor')", op.f("ck_playlist_collaborators_role_known")
        ),
        sa.ForeignKeyConstraint(
            ["playlist_id"],
            ["playlists.id"],
            "fk_playlist_collaborators_playlist_id_playlists",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], "fk_playlist_collaborators_user_id_users", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["added_by"],
            ["users.id"],
            "fk_playlist_collaborators_added_by_users",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("playlist_id", "user_id", name="pk_playlist_collaborators"),
    )
    op.create_index("ix_playlist_collaborators_user_id", "playlist_collaborators", ["user_id"])


def links() -> None:
    op.create_table(
        "playlist_links",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("playlist_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("created_by", sa.Uuid()),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["playlist_id"],
            ["playlists.id"],
            "fk_playlist_links_playlist_id_playlists",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], "fk_playlist_links_created_by_users", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_playlist_links"),
        sa.UniqueConstraint("token_hash", name="uq_playlist_links_token_hash"),
    )
    op.create_index("ix_playlist_links_playlist_id", "playlist_links", ["playlist_id"])
