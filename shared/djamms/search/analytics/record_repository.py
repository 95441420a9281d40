"""One statement for each search: the history of who is signed in, and the record of all."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session as Database

from djamms.db.session import at_once
from djamms.errors import DomainError
from djamms.observability import logger

# Of one person's history; the oldest go.
MOST_KEPT = 200
# Who types on within this time has not searched for what was there before.
TYPING = timedelta(minutes=2)
# What is more in an hour is answered and not recorded: nobody fills the table at will, by other
# words or by other names of the browser. Of an account or browser; of all guests of a network.
MOST_RECORDED, MOST_OF_ORIGIN = 300, 1_200
CAPPED = timedelta(hours=1)
# The reply does not wait for the disk: a crash may cost the searches of its last second.
# Who wants no history is recorded as somebody without an account is. Who types on within TYPING has
# not searched for what was there before, unless something of it was opened.
RECORD = text("""
WITH setting AS MATERIALIZED (
    SELECT set_config('synchronous_commit', 'off', true)
), person AS MATERIALIZED (
    SELECT id FROM users
    WHERE id = CAST(:user_id AS uuid) AND deleted_at IS NULL
        AND preferences ->> 'saveSearchHistory' IS DISTINCT FROM 'false'
), keeper AS (
    SELECT id FROM person WHERE CAST(:in_history AS boolean)
), last AS (
    SELECT search_history.id, lower(query) AS query, searched_at
    FROM search_history JOIN keeper ON user_id = keeper.id
    ORDER BY searched_at DESC LIMIT 1
), typed AS (
    UPDATE search_history SET query = :phrase, filters = CAST(:filters AS jsonb),
        result_count = :total, searched_at = :now
    FROM last WHERE search_history.id = last.id AND (last.query = lower(:phrase)
        OR starts_with(lower(:phrase), last.query) AND last.searched_at > :typing)
    RETURNING search_history.id
), forgotten AS (
    DELETE FROM search_history WHERE id IN (
        SELECT search_history.id FROM search_history JOIN keeper ON user_id = keeper.id
        ORDER BY searched_at DESC OFFSET :others)
), kept AS (
    INSERT INTO search_history (user_id, query, filters, result_count, searched_at)
    SELECT keeper.id, :phrase, CAST(:filters AS jsonb), :total, :now
    FROM keeper WHERE NOT EXISTS (SELECT FROM typed)
), searcher AS MATERIALIZED (
    SELECT coalesce((SELECT id FROM person), CAST(:pseudonym AS uuid)) AS id,
        coalesce((SELECT id FROM person), CAST(:origin AS uuid)) AS origin
), before AS (
    SELECT searches.id FROM searches
    WHERE searches.searcher = (SELECT id FROM searcher)
    ORDER BY searched_at DESC LIMIT 1
), grown AS (
    UPDATE searches SET id = :id, searched_at = :now, query = :words,
        filters = CAST(:filters AS jsonb), result_count = :total, page = :page,
        elapsed_ms = :elapsed_ms, engine = :engine, degraded = :degraded
    FROM before WHERE searches.id = before.id AND searches.clicks = 0
        AND searches.searched_at > :typing AND searches.query <> '' AND searches.query <> :words
        AND starts_with(:words, searches.query)
        AND NOT EXISTS (SELECT FROM searches AS same WHERE same.id = :id)
    RETURNING searches.id
)
INSERT INTO searches (id, searched_at, searcher, origin, query, filters, result_count, page,
    elapsed_ms, engine, degraded)
SELECT :id, :now, searcher.id, searcher.origin, :words, CAST(:filters AS jsonb), :total, :page,
    :elapsed_ms, :engine, :degraded
FROM setting, searcher
WHERE NOT EXISTS (SELECT FROM grown)
    AND NOT EXISTS (
        SELECT FROM searches AS own
        WHERE own.searcher = searcher.id AND own.searched_at > :capped OFFSET :most_others)
    AND NOT EXISTS (
        SELECT FROM searches AS near
        WHERE near.origin = searcher.origin AND near.searched_at > :capped OFFSET :most_near)
ON CONFLICT (id) DO UPDATE SET page = greatest(searches.page, excluded.page),
    result_count = greatest(searches.result_count, excluded.result_count)
WHERE searches.page < excluded.page OR searches.result_count < excluded.result_count""")


@dataclass(frozen=True, slots=True)
class Record:
    """`words` as they are counted, `phrase` as a history shows it: empty where it is no business of
    one."""

    id: UUID
    user_id: UUID | None
    pseudonym: UUID
    origin: UUID
    phrase: str
    words: str
    filters: Mapping[str, str]
    total: int
    page: int
    elapsed_ms: float
    engine: str
    degraded: bool
    at: datetime


def write(one: Record) -> None:
    """What was found is worth more than the note that it was."""
    try:
        with at_once() as database:
            record(database, one)
    except (SQLAlchemyError, DomainError):
        logger.warning("search_not_recorded", exc_info=True)


def record(database: Database, one: Record) -> None:
    values = {
        "id": one.id,
        "user_id": one.user_id,
        "pseudonym": one.pseudonym,
        "origin": one.origin,
        "in_history": bool(one.phrase) and one.page == 1,
        "phrase": one.phrase,
        "words": one.words,
        "filters": json.dumps(one.filters),
        "total": one.total,
        "page": one.page,
        "elapsed_ms": one.elapsed_ms,
        "engine": one.engine,
        "degraded": one.degraded,
        "now": one.at,
        "typing": one.at - TYPING,
        "others": MOST_KEPT - 1,
        "capped": one.at - CAPPED,
        "most_others": MOST_RECORDED - 1,
        "most_near": MOST_OF_ORIGIN - 1,
    }
    database.execute(RECORD, values)
