"""Imported playlists: their rows, what became of each, and what people decided about them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"

# 'Night Ferry (Live) - Remastered feat. X' and 'night ferry' → 'nightferry'. A title that is all
# aside keeps it. Letters beyond ASCII stay whatever the server's locale knows of them.
MATCH_KEY = r"""
CREATE FUNCTION match_key(title text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT left(coalesce(nullif(public.match_letters(
    regexp_replace(regexp_replace(regexp_replace(title,
        '\s[-\u2013\u2014]\s.*$', ''),
        '[([{][^][(){}]*[])}]', ' ', 'g'),
        '\m(feat|ft|featuring)\M.*$', '', 'i')), ''), public.match_letters(title)), 200) $$"""
MATCH_LETTERS = r"""
CREATE FUNCTION match_letters(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT regexp_replace(regexp_replace(
    public.folded(replace(replace(words, '&', ' and '), '+', ' and ')), '^\s*the\s+', ''),
    '[[:space:][:punct:]\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u00b4\u00bf\u00a1]+', '', 'g') $$"""
WAITING = sa.text("state IN ('doubtful', 'missing')")
TEXTS = postgresql.ARRAY(sa.Text)
NONE = sa.text("'{}'")


def upgrade() -> None:
    op.execute(sa.text(MATCH_LETTERS.replace(":", "\\:")))
    op.execute(sa.text(MATCH_KEY.replace(":", "\\:")))
    active = sa.text("is_active")
    op.create_index(
        "ix_tracks_match_key", "tracks", [sa.text("match_key(title)")], postgresql_where=active
    )
    create_imports()
    create_rows()
    create_decisions()


def key() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid, primary_key=True, server_default=sa.text("gen_random_uuid()"))


def moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())


def reference(name: str, to: str, on_delete: str, *, optional: bool) -> sa.Column[object]:
    return sa.Column(
        name, sa.Uuid, sa.ForeignKey(f"{to}.id", ondelete=on_delete), nullable=optional
    )


def create_imports() -> None:
    op.create_table(
        "playlist_imports",
        key(),
        reference("playlist_id", "playlists", "CASCADE", optional=False),
        reference("imported_by", "users", "SET NULL", optional=True),
        sa.Column("format", sa.String(20), nullable=False),
        sa.Column("filename", sa.String(255)),
        sa.Column("warnings", TEXTS, nullable=False, server_default=NONE),
        moment("created_at"),
    )
    for name in ("playlist_id", "imported_by"):
        op.create_index(f"ix_playlist_imports_{name}", "playlist_imports", [name])


def create_rows() -> None:
    table = "playlist_import_rows"
    op.create_table(
        table,
        key(),
        reference("import_id", "playlist_imports", "CASCADE", optional=False),
        sa.Column("number", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("title", "artist", "album")),
        sa.Column("duration", sa.Integer),
        sa.Column("isrc", sa.String(12)),
        sa.Column("location", sa.Text),
        sa.Column("source_key", sa.String(64), nullable=False),
        sa.Column("keys", TEXTS, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("score", sa.Float),
        sa.Column("reasons", TEXTS, nullable=False, server_default=NONE),
        sa.Column("candidates", postgresql.JSONB, nullable=False, server_default=sa.text("'[]'")),
        reference("track_id", "tracks", "SET NULL", optional=True),
        sa.Column("entry_id", sa.Uuid),
        moment("checked_at"),
    )
    op.create_index(f"ix_{table}_number", table, ["import_id", "number"], unique=True)
    op.create_index(f"ix_{table}_track_id", table, ["track_id"])
    op.create_index(
        f"ix_{table}_keys", table, ["keys"], postgresql_using="gin", postgresql_where=WAITING
    )
    op.create_index(f"ix_{table}_isrc", table, ["isrc"], postgresql_where=WAITING)


def create_decisions() -> None:
    table = "playlist_match_decisions"
    op.create_table(
        table,
        key(),
        reference("user_id", "users", "CASCADE", optional=False),
        sa.Column("source_key", sa.String(64), nullable=False),
        sa.Column("decision", sa.String(10), nullable=False),
        reference("track_id", "tracks", "CASCADE", optional=True),
        moment("decided_at"),
    )
    op.create_index(f"ix_{table}_source", table, ["user_id", "source_key"])
    op.create_index(f"ix_{table}_track_id", table, ["track_id"])
