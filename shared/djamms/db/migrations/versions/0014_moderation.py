"""Flags on tracks and playlists, what moderators hid, their log; what people took back."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

APPEND_ONLY = """
CREATE FUNCTION moderation_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
RAISE EXCEPTION 'moderation_log is append-only'; END $$"""
GUARD = """
CREATE TRIGGER moderation_log_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON moderation_log
FOR EACH STATEMENT EXECUTE FUNCTION moderation_log_is_append_only()"""
MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")
NEW_ID = sa.text("gen_random_uuid()")
OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    for table in ("tracks", "playlists"):
        op.add_column(table, sa.Column("hidden_at", MOMENT, nullable=True))
        # Whatever shows what is active shows nothing that is hidden.
        op.create_check_constraint(
            op.f(f"ck_{table}_hidden_is_inactive"), table, "hidden_at IS NULL OR NOT is_active"
        )
        op.create_index(
            f"ix_{table}_hidden_at",
            table,
            ["hidden_at"],
            postgresql_where=sa.text("hidden_at IS NOT NULL"),
        )
    create_flags()
    create_log()
    keep_removals()


def create_flags() -> None:
    thing = sa.Computed("coalesce(track_id, playlist_id)", persisted=True)
    op.create_table(
        "content_flags",
        sa.Column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        sa.Column("track_id", sa.Uuid(), nullable=True),
        sa.Column("playlist_id", sa.Uuid(), nullable=True),
        sa.Column("thing_id", sa.Uuid(), thing, nullable=False),
        sa.Column("reported_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(30), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("state", sa.String(20), server_default="open", nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "(track_id IS NULL) <> (playlist_id IS NULL)",
            name=op.f("ck_content_flags_of_one_thing"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'upheld', 'dismissed')", name=op.f("ck_content_flags_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["track_id"],
            ["tracks.id"],
            name=op.f("fk_content_flags_track_id_tracks"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["playlist_id"],
            ["playlists.id"],
            name=op.f("fk_content_flags_playlist_id_playlists"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["reported_by"],
            ["users.id"],
            name=op.f("fk_content_flags_reported_by_users"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_flags")),
    )
    op.create_index(op.f("ix_content_flags_thing_id"), "content_flags", ["thing_id"])
    op.create_index(
        "ix_content_flags_one_open",
        "content_flags",
        ["reported_by", "thing_id"],
        unique=True,
        postgresql_where=OPEN,
    )
    op.create_index("ix_content_flags_open", "content_flags", ["thing_id"], postgresql_where=OPEN)


def create_log() -> None:
    op.create_table(
        "moderation_log",
        sa.Column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        sa.Column("acted_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("moderator_id", sa.Uuid(), nullable=False),
        sa.Column("moderator", sa.String(50), nullable=False),
        sa.Column("act", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("flags_closed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_log")),
    )
    op.create_index(op.f("ix_moderation_log_acted_at"), "moderation_log", ["acted_at"])
    op.create_index(op.f("ix_moderation_log_thing_id"), "moderation_log", ["thing_id"])
    op.execute(APPEND_ONLY)
    op.execute(GUARD)


def keep_removals() -> None:
    op.create_table(
        "library_removals",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.Column("removed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_library_removals_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "thing_id", name=op.f("pk_library_removals")),
    )
    for table in ("user_favorites", "starred_playlists"):
        op.create_index(f"ix_{table}_newest", table, ["user_id", sa.text("created_at DESC"), "id"])
