from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session as Database

IS_CURRENT = text("""
SELECT EXISTS (SELECT FROM search_indexes WHERE state = 'live' AND definition = :definition)
    AND NOT EXISTS (SELECT FROM search_outbox
        WHERE id = (SELECT min(id) FROM search_outbox) AND changed_at < :edge)
""")


def has_current(database: Database, *, definition: str, edge: datetime) -> bool:
    """Whether a live index has this definition, and no change waits since before `edge`."""
    return bool(database.scalar(IS_CURRENT, {"definition": definition, "edge": edge}))
