from sqlalchemy import CursorResult, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session as Database

from djamms.db.sqlstate import LOCK_NOT_AVAILABLE, sqlstate

# Looked for before anybody is kept from writing, and once more afterwards.
UNUSED = text("""
SELECT word FROM search_name_vocabulary AS known
WHERE NOT EXISTS (SELECT FROM search_name_words AS named WHERE named.word = known.word)
LIMIT :limit""")
# Artists and albums; playlists go with their row.
EMPTY = text("""
SELECT DISTINCT kind, digest FROM search_name_words WHERE kind <> 3 AND magnitude = 0
LIMIT :limit""")
# Who writes a name meanwhile takes its words for known: there must be nobody. Waits for none, for
# whoever comes after would wait with it.
LOCK = text("""
LOCK TABLE search_names, search_name_words, search_name_vocabulary
IN SHARE ROW EXCLUSIVE MODE NOWAIT""")
FORGET_NAMES = text("""
WITH empty AS MATERIALIZED (
    SELECT kind, digest FROM search_names
    JOIN unnest(CAST(:kinds AS integer[]), CAST(:digests AS text[])) AS given (kind, digest)
    USING (kind, digest) WHERE magnitude = 0
),
names AS (
    DELETE FROM search_names AS name USING empty
    WHERE name.kind = empty.kind AND name.digest = empty.digest
)
DELETE FROM search_name_words AS named USING empty
WHERE named.kind = empty.kind AND named.digest = empty.digest""")
FORGET_WORDS = text("""
DELETE FROM search_name_vocabulary AS known WHERE word = ANY (CAST(:words AS text[]))
AND NOT EXISTS (SELECT FROM search_name_words AS named WHERE named.word = known.word)""")


class NamesAreWritten(Exception):
    """Somebody is at it."""


def forget_empty_names(database: Database, *, limit: int) -> int:
    """Those that no track has any more, with their words. Raises NamesAreWritten."""
    found = database.execute(EMPTY, {"limit": limit}).all()
    if found:
        _lock(database)
        kinds, digests = [row.kind for row in found], [row.digest for row in found]
        database.execute(FORGET_NAMES, {"kinds": kinds, "digests": digests})
    return len(found)


def forget_unused_words(database: Database, *, limit: int) -> int:
    """Returns how many. Raises NamesAreWritten."""
    words = database.scalars(UNUSED, {"limit": limit}).all()
    if not words:
        return 0
    _lock(database)
    done = database.execute(FORGET_WORDS, {"words": list(words)})
    return done.rowcount if isinstance(done, CursorResult) else 0


def _lock(database: Database) -> None:
    try:
        database.execute(LOCK)
    except DBAPIError as error:
        if sqlstate(error) == LOCK_NOT_AVAILABLE:
            raise NamesAreWritten from error
        raise
