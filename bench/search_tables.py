"""Tables and indexes filled in one go: row by row a million tracks would take ten minutes."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Table, text

from djamms.models.search import SearchDocument, SearchWord
from djamms.models.track import Track

DOCUMENTS = (
    "INSERT INTO search_documents SELECT document.* FROM tracks, search_document(tracks) document"
    " WHERE tracks.is_active"
)
WORDS = (
    "INSERT INTO search_words (word, tracks, public_tracks)"
    " SELECT word, count(*), count(*) FILTER (WHERE is_public)"
    " FROM (SELECT is_public, unnest(tsvector_to_array(words)) AS word FROM search_documents) words"
    " WHERE word !~ '^[#=@]' GROUP BY word"
)
TABLES = [model.__table__ for model in (Track, SearchDocument, SearchWord)]


@contextmanager
def filled_at_once(connection: Connection) -> Iterator[None]:
    """Tracks that are added inside are searchable afterwards. There must be none before."""
    indexes = [index for table in TABLES if isinstance(table, Table) for index in table.indexes]
    connection.execute(text("ALTER TABLE tracks DISABLE TRIGGER search_after_insert"))
    for index in indexes:
        index.drop(connection)
    yield
    for statement in (DOCUMENTS, WORDS):
        connection.execute(text(statement))
    for index in indexes:
        index.create(connection)
    connection.execute(text("ALTER TABLE tracks ENABLE TRIGGER search_after_insert"))
