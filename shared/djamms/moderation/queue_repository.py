"""What was reported or hidden, each thing once."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow

REPORTED = "SELECT thing_id AS id FROM content_flags"
HIDDEN = """SELECT id FROM tracks WHERE hidden_at IS NOT NULL
    UNION SELECT id FROM playlists WHERE hidden_at IS NOT NULL"""
SELECTED = {
    "open": f"{REPORTED} WHERE state = 'open' GROUP BY thing_id",
    "hidden": HIDDEN,
    "all": f"{REPORTED} UNION {HIDDEN}",
    # Of playlists none that people keep to themselves.
    "one": """SELECT id FROM tracks WHERE id = :thing_id
        UNION SELECT id FROM playlists WHERE id = :thing_id AND (is_public AND is_active
            OR hidden_at IS NOT NULL
            OR EXISTS (SELECT 1 FROM content_flags WHERE thing_id = :thing_id))""",
}
CASES = """
SELECT things.id, CASE WHEN tracks.id IS NULL THEN 'playlist' ELSE 'track' END AS kind,
    coalesce(tracks.title, playlists.name) AS name, tracks.artist,
    users.username AS owner, users.id AS owner_id,
    CASE WHEN coalesce(tracks.hidden_at, playlists.hidden_at) IS NOT NULL THEN 'hidden'
        WHEN coalesce(tracks.is_active, playlists.is_active) THEN 'visible'
        WHEN tracks.missing_since IS NOT NULL AND tracks.deleted_at IS NULL THEN 'missing'
        ELSE 'deleted' END AS state,
    coalesce(counted.open_flags, 0) AS open_flags, coalesce(counted.flags, 0) AS flags,
    coalesce(counted.reasons, '{{}}') AS reasons,
    counted.first_flagged_at, counted.last_flagged_at
FROM ({selected}) AS things
LEFT JOIN tracks USING (id)
LEFT JOIN playlists USING (id)
LEFT JOIN users ON users.id = coalesce(tracks.uploaded_by, playlists.owner_id)
LEFT JOIN LATERAL (
    SELECT sum(open_flags) AS open_flags, sum(flags) AS flags,
        jsonb_object_agg(reason, flags) AS reasons,
        min(first_flagged_at) AS first_flagged_at, max(last_flagged_at) AS last_flagged_at
    FROM (
        SELECT reason, count(*) AS flags, count(*) FILTER (WHERE state = 'open') AS open_flags,
            min(created_at) AS first_flagged_at, max(created_at) AS last_flagged_at
        FROM content_flags WHERE thing_id = things.id GROUP BY reason
    ) AS by_reason
) AS counted ON true
WHERE coalesce(tracks.id, playlists.id) IS NOT NULL
ORDER BY coalesce(counted.open_flags, 0) DESC, counted.last_flagged_at DESC NULLS LAST, things.id
LIMIT :most OFFSET :skipped"""


def list_cases(
    database: Database, *, state: str, offset: int = 0, limit: int, thing_id: UUID | None = None
) -> Sequence[AnyRow]:
    statement = text(CASES.format(selected=SELECTED[state]))
    values = {"most": limit, "skipped": offset}
    return database.execute(statement, values | ({"thing_id": thing_id} if thing_id else {})).all()


def count_cases(database: Database, *, state: str) -> int:
    statement = text(f"SELECT count(*) FROM ({SELECTED[state]}) AS things")  # noqa: S608 -- constants
    return database.scalar(statement) or 0
