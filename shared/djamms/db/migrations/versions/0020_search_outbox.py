"""What search on OpenSearch is told: changes in an outbox, written by triggers; its indices."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"

# To look is to lock the table a little until the transaction ends: who registers an index waits for
# all that may have looked before (see `indexes_repository.open_outbox`).
NONE_TO_TELL = "IF NOT EXISTS (SELECT FROM search_indexes) THEN RETURN NULL; END IF;"
# Comes with the answer to the statement: it costs no round trip, and no log keeps it.
TELL = "RAISE INFO 'search_outbox';"
NOTE = (
    "INSERT INTO search_outbox (kind, document, urgency)"
    " SELECT DISTINCT '{kind}', {document}, {urgency} FROM {rows};"
)
FUNCTION = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off AS $$ BEGIN
{body}
RETURN NULL; END $$"""

# What somebody changed by hand goes before what comes new, by the thousand where a library is
# imported, and both before what only moves a document a place or two.
RANKED, NEW, EDITED = 0, 1, 2
# Inserted, deleted, and of the kept counts also updated: what they are known by never changes.
KEYS = {
    "tracks": ("track", "id::text", f"CASE TG_OP WHEN 'INSERT' THEN {NEW} ELSE {EDITED} END"),
    "artist_counts": ("artist", "key", NEW),
    "album_counts": ("album", "key || chr(31) || artist_key", NEW),
    "playlists": ("playlist", "id::text", EDITED),
    "playlist_collaborators": ("playlist", "playlist_id::text", EDITED),
}
CAN_BE_INACTIVE = {"tracks", "playlists"}
# What is searched for and filtered by; what only ranks changes too often to wake anybody for it.
TRACK = (
    *("title", "artist", "artists", "album", "genre", "genres", "tags", "year", "duration"),
    *("bitrate", "musical_key", "bpm", "is_public", "is_active", "created_at"),
)
RANK = ("popularity", "play_count")
PLAYLIST = ("name", "owner_id", "is_public", "is_active", "track_count")
EVERY = {
    "insert": "NEW TABLE AS changed",
    "update": "NEW TABLE AS changed",
    "delete": "OLD TABLE AS changed",
}


def upgrade() -> None:
    create_tables()
    for table, (kind, document, urgency) in KEYS.items():
        rows = "changed WHERE is_active" if table in CAN_BE_INACTIVE else "changed"
        note = NOTE.format(kind=kind, document=document, urgency=urgency, rows=rows)
        create_function(f"search_note_{table}", f"{note} IF FOUND THEN {TELL} END IF;")
        for operation, referencing in EVERY.items():
            if operation != "update" or table not in CAN_BE_INACTIVE:
                create_trigger(table, operation, referencing, f"search_note_{table}")
    note_updates("tracks", "track", TRACK, RANK)
    note_updates("playlists", "playlist", PLAYLIST, ())
    note_accounts()


def create_tables() -> None:
    time = sa.DateTime(timezone=True)
    op.create_table(
        "search_outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("urgency", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("changed_at", time, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_outbox")),
    )
    op.create_index("ix_search_outbox_next", "search_outbox", [sa.text("urgency DESC"), "id"])
    op.create_table(
        "search_indexes",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("definition", sa.String(64), nullable=False),
        sa.Column("cursors", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("documents", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("expected", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("refused", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", time, server_default=sa.text("now()"), nullable=False),
        sa.Column("live_at", time, nullable=True),
        sa.CheckConstraint(
            "state IN ('wanted', 'building', 'live')", name=op.f("ck_search_indexes_state_known")
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_search_indexes")),
    )
    # One that is live, and one on its way.
    op.create_index(
        "ix_search_indexes_one_each", "search_indexes", [sa.text("(state = 'live')")], unique=True
    )
    op.execute("CREATE SEQUENCE search_version")


def create_function(name: str, body: str) -> None:
    op.execute(FUNCTION.format(name=name, body=f"{NONE_TO_TELL} {body}"))


def create_trigger(table: str, operation: str, referencing: str, function: str) -> None:
    op.execute(
        f"CREATE TRIGGER search_note_{operation} AFTER {operation.upper()} ON {table} "
        f"REFERENCING {referencing} FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
    )


def note_updates(table: str, kind: str, columns: tuple[str, ...], rank: tuple[str, ...]) -> None:
    """What somebody waits for, and apart from it what only ranks."""
    both = "inserted JOIN deleted USING (id) WHERE (inserted.is_active OR deleted.is_active)"
    has_changed = differ(columns)
    note = {"kind": kind, "document": "inserted.id::text"}
    edited = NOTE.format(rows=f"{both} AND {has_changed}", urgency=EDITED, **note)
    body = f"{edited} IF FOUND THEN {TELL} END IF;"
    if rank:
        moved = f"{both} AND NOT ({has_changed}) AND {differ(rank)}"
        body += f" {NOTE.format(rows=moved, urgency=RANKED, **note)}"
    create_function(f"search_note_updated_{table}", body)
    tables = "NEW TABLE AS inserted OLD TABLE AS deleted"
    create_trigger(table, "update", tables, f"search_note_updated_{table}")


def differ(columns: tuple[str, ...]) -> str:
    new, old = (
        ", ".join(f"{table}.{column}" for column in columns) for table in ("inserted", "deleted")
    )
    return f"({new}) IS DISTINCT FROM ({old})"


def note_accounts() -> None:
    """What is private to an account that is off is shared with nobody. A row's own trigger, as
    accounts change with each sign-in."""
    rows = "playlists WHERE owner_id = NEW.id AND is_active AND NOT is_public"
    note = NOTE.format(kind="playlist", document="id::text", urgency=EDITED, rows=rows)
    create_function("search_note_accounts", f"{note} IF FOUND THEN {TELL} END IF;")
    op.execute(
        "CREATE TRIGGER search_note_update AFTER UPDATE ON users FOR EACH ROW "
        "WHEN (OLD.is_active IS DISTINCT FROM NEW.is_active) "
        "EXECUTE FUNCTION search_note_accounts()"
    )
