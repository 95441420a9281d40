from sqlalchemy import text
from sqlalchemy.orm import Session as Database

# Words, not the model: ingest asks this after each batch, and maps no table for it.
ANYTHING = text(
    "SELECT EXISTS (SELECT FROM playlist_import_rows WHERE state IN ('doubtful', 'missing'))"
)


def anything_waits(database: Database) -> bool:
    return bool(database.scalar(ANYTHING))
