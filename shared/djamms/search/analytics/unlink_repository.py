"""Apart from the rest: who signs in or keeps favorites pays for no more of it."""

from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session as Database

# Of one step: the driver waits ten seconds for a statement.
MOST = 20_000
UNLINK = text("""
UPDATE searches SET searcher = NULL, origin = NULL WHERE id IN (
    SELECT id FROM searches WHERE searcher = :user_id ORDER BY searched_at DESC LIMIT :most
) RETURNING id""")


def unlinked(user_id: UUID) -> TextClause:
    """Makes recorded searches of an account nobody's; returns their ids."""
    return UNLINK.bindparams(user_id=user_id, most=MOST)


def unlink(database: Database, user_id: UUID) -> None:
    """The newest at once; what may be left of more than anyone searches goes with the account."""
    database.execute(unlinked(user_id))
