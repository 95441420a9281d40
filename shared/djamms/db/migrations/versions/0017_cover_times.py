"""When the picture of a playlist was last looked at, and when one of its own was asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("playlist_covers", sa.Column("requested_at", MOMENT))
    op.add_column("playlist_covers", sa.Column("looked_at", MOMENT))
    op.create_index("ix_playlist_covers_looked_at", "playlist_covers", ["looked_at"])
