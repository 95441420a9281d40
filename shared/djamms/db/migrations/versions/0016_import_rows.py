"""Rows of imported playlists remember every entry that stood for them, and what they are not."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"

TABLE = "playlist_import_rows"


def upgrade() -> None:
    for name in ("former_entries", "rejected"):
        column: sa.Column[object] = sa.Column(
            name, postgresql.ARRAY(sa.Uuid), nullable=False, server_default=sa.text("'{}'")
        )
        op.add_column(TABLE, column)
