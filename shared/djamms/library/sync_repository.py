"""Merging a client's lists: one statement for each list, whatever its length."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session as Database

from djamms.models.playlist import Playlist
from djamms.models.track import Track
from djamms.music.repository import may_know_of
from djamms.playlists.access_repository import readable_by
from djamms.search.analytics.record_repository import MOST_KEPT
from djamms.security.principal import Principal

type Times = Mapping[UUID, datetime]

ROWS = "jsonb_to_recordset(CAST(:rows AS jsonb)) AS local (id uuid, at timestamptz)"
ADD = """
INSERT INTO {table} (user_id, {column}, created_at)
SELECT CAST(:user_id AS uuid), local.id, local.at FROM {rows}
WHERE NOT EXISTS (SELECT FROM library_removals AS removed WHERE removed.user_id = :user_id
    AND removed.thing_id = local.id AND removed.removed_at >= local.at)
ORDER BY local.id
ON CONFLICT (user_id, {column}) DO UPDATE SET created_at = excluded.created_at
WHERE {table}.created_at < excluded.created_at"""
NOTE_REMOVED = f"""
INSERT INTO library_removals (user_id, thing_id, removed_at)
SELECT CAST(:user_id AS uuid), local.id, local.at FROM {ROWS} ORDER BY local.id
ON CONFLICT (user_id, thing_id) DO UPDATE SET removed_at = excluded.removed_at
WHERE library_removals.removed_at < excluded.removed_at"""  # noqa: S608 -- constants
REMOVE = """
DELETE FROM {table} USING {rows}
WHERE {table}.user_id = :user_id AND {table}.{column} = local.id
    AND {table}.created_at <= local.at"""
# A play that was reported when it happened is the same one, give or take the clocks.
ADD_PLAYS = """
INSERT INTO playback_history (user_id, track_id, played_at, duration_played, source, client_key)
SELECT CAST(:user_id AS uuid), tracks.id, local.at, least(local.seconds, tracks.duration),
    local.source, 'sync ' || tracks.id || ' ' || (extract(epoch FROM local.at) * 1000)::bigint
FROM jsonb_to_recordset(CAST(:rows AS jsonb))
    AS local (id uuid, at timestamptz, seconds integer, source text)
JOIN tracks USING (id)
WHERE NOT EXISTS (SELECT FROM playback_history AS known
    WHERE known.user_id = :user_id AND known.track_id = tracks.id
    AND known.played_at BETWEEN local.at - interval '30 s' AND local.at + interval '30 s')
ON CONFLICT (user_id, client_key) WHERE client_key IS NOT NULL DO NOTHING"""
ADD_SEARCHES = """
INSERT INTO search_history (user_id, query, searched_at)
SELECT CAST(:user_id AS uuid), local.query, local.at
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS local (query text, at timestamptz)
WHERE NOT EXISTS (SELECT FROM search_history AS known WHERE known.user_id = :user_id
    AND lower(known.query) = lower(local.query) AND known.searched_at >= local.at)"""
# Of each query the last time, and not more than are kept anyway.
TIDY_SEARCHES = """
DELETE FROM search_history USING (
    SELECT id, row_number() OVER (ORDER BY searched_at DESC, id) AS place,
        row_number() OVER (PARTITION BY lower(query) ORDER BY searched_at DESC, id) AS again
    FROM search_history WHERE user_id = :user_id
) AS ranked WHERE ranked.id = search_history.id AND (again > 1 OR place > :most)"""
NEWEST = """
SELECT {column} AS id, {at} AS at FROM {table} WHERE user_id = :user_id
ORDER BY {at} DESC, id LIMIT :most"""
FAVORITES = {"table": "user_favorites", "column": "track_id"}
STARS = {"table": "starred_playlists", "column": "playlist_id"}
PLAYS = {"table": "playback_history", "column": "track_id", "at": "played_at"}
SEARCHES = {"table": "search_history", "column": "query", "at": "searched_at"}


def known_tracks(database: Database, *, principal: Principal, ids: Sequence[UUID]) -> set[UUID]:
    """Missing ones too."""
    return set(database.scalars(select(Track.id).where(Track.id.in_(ids), may_know_of(principal))))


def known_playlists(database: Database, *, principal: Principal, ids: Sequence[UUID]) -> set[UUID]:
    wanted = select(Playlist.id).where(Playlist.id.in_(ids), readable_by(principal))
    return set(database.scalars(wanted))


def remove(database: Database, user_id: UUID, where: Mapping[str, str], times: Times) -> None:
    """What was added after it had been taken back stays."""
    if times:
        values = {"user_id": user_id, "rows": _rows(times)}
        database.execute(text(NOTE_REMOVED), values)
        database.execute(text(REMOVE.format(**where, rows=ROWS)), values)


def add(database: Database, user_id: UUID, where: Mapping[str, str], times: Times) -> None:
    """But for what was taken back later."""
    if times:
        values = {"user_id": user_id, "rows": _rows(times)}
        database.execute(text(ADD.format(**where, rows=ROWS)), values)


def add_plays(database: Database, user_id: UUID, plays: Sequence[Mapping[str, object]]) -> None:
    """They do not count on the tracks: a list that a client made up would make them popular."""
    if plays:
        database.execute(text(ADD_PLAYS), {"user_id": user_id, "rows": json.dumps(plays)})


def add_searches(database: Database, user_id: UUID, times: Mapping[str, datetime]) -> None:
    if times:
        rows = [{"query": query, "at": at.isoformat()} for query, at in times.items()]
        database.execute(text(ADD_SEARCHES), {"user_id": user_id, "rows": json.dumps(rows)})
        database.execute(text(TIDY_SEARCHES), {"user_id": user_id, "most": MOST_KEPT})


def newest(
    database: Database, user_id: UUID, where: Mapping[str, str], *, limit: int
) -> list[tuple[str, datetime]]:
    statement = text(NEWEST.format(**{"at": "created_at", **where}))
    found = database.execute(statement, {"user_id": user_id, "most": limit})
    return [(str(row.id), row.at) for row in found]


def _rows(times: Times) -> str:
    return json.dumps([{"id": str(one), "at": at.isoformat()} for one, at in times.items()])
