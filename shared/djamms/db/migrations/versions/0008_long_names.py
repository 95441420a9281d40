"""Names of any length are counted: a row is known by a digest, as an index row has 2,700 bytes."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

# Table → what its rows were known by, and what its pages are ordered by.
COUNTS = {
    "artist_counts": (("key", "album", "name", "is_public"), ("key",)),
    "album_counts": (("key", "artist_key", "name", "artist", "is_public"), ("key", "artist_key")),
}


def upgrade() -> None:
    for table, (known_by, order) in COUNTS.items():
        op.execute(
            f"ALTER TABLE {table} DROP CONSTRAINT pk_{table}, "
            f"ADD digest text NOT NULL GENERATED ALWAYS AS ({digest(known_by)}) STORED, "
            f"ADD CONSTRAINT pk_{table} PRIMARY KEY (digest)"
        )
        op.create_index(f"ix_{table}_key", table, list(order))
    for operation in ("insert", "update", "delete"):
        count_by_digest(f"count_tracks_after_{operation}()")


def digest(columns: tuple[str, ...]) -> str:
    texts = (
        "CASE WHEN is_public THEN 'p' ELSE '' END" if name == "is_public" else name
        for name in columns
    )
    return f"md5({' || chr(31) || '.join(texts)})"


def count_by_digest(function: str) -> None:
    source = sa.text("SELECT pg_get_functiondef(CAST(:function AS regprocedure))")
    definition: str = op.get_bind().execute(source, {"function": function}).scalar_one()
    for known_by, _ in COUNTS.values():
        definition = definition.replace(f"({', '.join(known_by)}) DO UPDATE", "(digest) DO UPDATE")
    op.execute(sa.text(definition.replace(":", "\\:")))
