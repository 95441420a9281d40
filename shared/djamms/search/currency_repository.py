from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session as Database

# The oldest of each urgency is the first of it in `ix_search_outbox_next`.
IS_CURRENT = text("""
SELECT EXISTS (SELECT FROM search_indexes WHERE state = 'live' AND definition = :definition)
    AND NOT EXISTS (
        SELECT FROM (VALUES (2, CAST(:edge AS timestamptz)), (1, :edge), (0, :rank_edge))
            AS due (urgency, edge),
        LATERAL (SELECT changed_at FROM search_outbox
            WHERE search_outbox.urgency = due.urgency ORDER BY id LIMIT 1) AS oldest
        WHERE changed_at < due.edge)
""")


def has_current(
    database: Database, *, definition: str, edge: datetime, rank_edge: datetime
) -> bool:
    """Whether a live index has this definition, and no change waits since before `edge`, none of
    rank since before `rank_edge`."""
    edges = {"edge": edge, "rank_edge": rank_edge}
    return bool(database.scalar(IS_CURRENT, {"definition": definition, **edges}))
