"""Playlists that fill themselves by rules, and covers: uploaded, or put together from tracks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("playlists", sa.Column("rules", JSONB))
    op.create_table(
        "playlist_covers",
        sa.Column("playlist_id", sa.Uuid, nullable=False),
        sa.Column("state", sa.String(20), nullable=False, server_default="none"),
        sa.Column("upload_id", sa.Uuid),
        sa.Column("failure", sa.Text),
        sa.Column("folder", sa.Text),
        sa.Column("is_own", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("made_of", ARRAY(sa.Text), nullable=False, server_default="{}"),
        sa.Column("candidates", ARRAY(sa.Text), nullable=False, server_default="{}"),
        sa.Column("asked_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("playlist_id", name="pk_playlist_covers"),
        sa.ForeignKeyConstraint(
            ["playlist_id"],
            ["playlists.id"],
            name="fk_playlist_covers_playlist_id_playlists",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint(
            "state IN ('none', 'waiting', 'ready', 'failed')",
            name="ck_playlist_covers_state_known",
        ),
    )
