"""What people searched for, kept by one statement beside the search."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session as Database

# Of one person; the oldest go.
MOST_KEPT = 200
# Who types on within this time has not searched for what was there before.
TYPING = timedelta(minutes=2)
# The reply does not wait for the disk: a crash may cost the searches of its last second.
REMEMBER = text("""
WITH person AS (
    SELECT id, set_config('synchronous_commit', 'off', true) FROM users
    WHERE id = :user_id AND preferences ->> 'saveSearchHistory' IS DISTINCT FROM 'false'
), last AS (
    SELECT search_history.id, lower(query) AS query, searched_at
    FROM search_history JOIN person ON user_id = person.id
    ORDER BY searched_at DESC LIMIT 1
), typed AS (
    UPDATE search_history SET query = :query, filters = CAST(:filters AS jsonb),
        result_count = :total, searched_at = :now
    FROM last WHERE search_history.id = last.id AND (last.query = lower(:query)
        OR starts_with(lower(:query), last.query) AND last.searched_at > :typing)
    RETURNING search_history.id
), forgotten AS (
    DELETE FROM search_history WHERE id IN (
        SELECT search_history.id FROM search_history JOIN person ON user_id = person.id
        ORDER BY searched_at DESC OFFSET :others)
)
INSERT INTO search_history (user_id, query, filters, result_count, searched_at)
SELECT person.id, :query, CAST(:filters AS jsonb), :total, :now
FROM person WHERE NOT EXISTS (SELECT FROM typed)""")


@dataclass(frozen=True, slots=True)
class Search:
    user_id: UUID
    query: str
    filters: Mapping[str, str]
    total: int
    at: datetime


def remember(database: Database, search: Search) -> None:
    """Unless the person does not want that. The last entry grows while somebody types."""
    values = {
        "user_id": search.user_id,
        "query": search.query,
        "filters": json.dumps(search.filters),
        "total": search.total,
        "now": search.at,
        "typing": search.at - TYPING,
        "others": MOST_KEPT - 1,
    }
    database.execute(REMEMBER, values)
