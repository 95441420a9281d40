"""Since when a track's sound is gone from the bucket; tracks in the order of a listing."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("tracks", sa.Column("missing_since", sa.DateTime(timezone=True), nullable=True))
    # Whatever shows what is active shows nothing that cannot be played.
    op.create_check_constraint(
        op.f("ck_tracks_missing_is_inactive"), "tracks", "missing_since IS NULL OR NOT is_active"
    )
    op.create_index(
        "ix_tracks_missing_since",
        "tracks",
        ["missing_since"],
        postgresql_where=sa.text("missing_since IS NOT NULL"),
    )
    # S3 lists keys in the order of their bytes. The table is not written anew for this.
    op.alter_column(
        "tracks", "file_path", type_=sa.Text(collation="C"), existing_type=sa.Text(), nullable=False
    )
    op.create_index(
        "ix_tracks_object_key",
        "tracks",
        ["file_path"],
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
