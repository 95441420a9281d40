"""What an index holds of a row is what the triggers watch: nothing is stale for want of a note."""

import re

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from djamms.search.indexing.documents_repository import DOCUMENTS
from djamms.search.kinds import Kind

FUNCTION = text("SELECT pg_get_functiondef(to_regproc(:name))")
COLUMNS = text(
    "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(:table) AND attnum > 0"
)
GENERATED = text(
    "SELECT attname, pg_get_expr(adbin, adrelid) AS expression FROM pg_attribute JOIN pg_attrdef"
    " ON adrelid = attrelid AND adnum = attnum"
    " WHERE attrelid = to_regclass(:table) AND attgenerated <> ''"
)
TRIGGER = text(
    "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = to_regclass(:table)"
    " AND tgname LIKE 'search_note_%'"
)
# A row's own, which never changes.
NEVER_CHANGES = {"id"}
WORD = re.compile(r"[a-z_]+")
LITERAL = re.compile(r"'[^']*'")


def columns(session: Session, table: str) -> set[str]:
    return set(session.scalars(COLUMNS, {"table": table}))


def read(session: Session, kind: Kind, table: str) -> set[str]:
    """Columns of `table` that the document statement names; of a generated one those it is of."""
    words = set(WORD.findall(LITERAL.sub("", DOCUMENTS[kind])))
    found = session.execute(GENERATED, {"table": table})
    generated: dict[str, str] = {row.attname: row.expression for row in found}
    for name in words & generated.keys():
        words |= set(WORD.findall(generated[name]))
    return words & columns(session, table) - NEVER_CHANGES - generated.keys()


def watched(session: Session, table: str) -> set[str]:
    definition = session.scalar(FUNCTION, {"name": f"search_note_updated_{table}"})
    return set(re.findall(r"\binserted\.([a-z_]+)", str(definition))) - NEVER_CHANGES


@pytest.mark.parametrize(("kind", "table"), [(Kind.TRACK, "tracks"), (Kind.PLAYLIST, "playlists")])
def test_each_column_of_a_document_is_watched_and_no_other(
    session: Session, kind: Kind, table: str
) -> None:
    assert watched(session, table) == read(session, kind, table)


@pytest.mark.parametrize(
    "table", ["artist_counts", "album_counts", "playlist_collaborators", "tracks", "playlists"]
)
def test_every_way_to_write_a_row_is_noted(session: Session, table: str) -> None:
    definitions = " ".join(session.scalars(TRIGGER, {"table": table}))

    assert set(re.findall(r"AFTER (INSERT|UPDATE|DELETE) ON", definitions)) == {
        "INSERT",
        "UPDATE",
        "DELETE",
    }
    # Of some columns only it would miss others.
    assert "UPDATE OF" not in definitions
