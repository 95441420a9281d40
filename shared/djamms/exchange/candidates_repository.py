"""Which tracks a row may mean: many rows in one statement each."""

import json
from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, TextClause, Uuid, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session as Database

from djamms.exchange.matching import Candidate
from djamms.models.track import Track
from djamms.music.repository import shown

# So many rows at most in one statement, that each ends in time.
BATCH = 2000


class Wanted(NamedTuple):
    """A title to look for on behalf of the row `number`, and by whom it may be."""

    number: int
    title: str
    artists: Sequence[str]


# Of the commonest titles so many tracks are compared, those of the row's artists before others.
MOST_BY_TITLE = 100

BY_TITLE = text("""
SELECT wanted.number, found.id
FROM (SELECT number, match_key(title) AS key, folded(artists[1]) AS artist,
        folded_names(artists) AS names
    FROM jsonb_to_recordset(CAST(:wanted AS jsonb)) AS w(number int, title text, artists text[])
    OFFSET 0) AS wanted
CROSS JOIN LATERAL (
    SELECT id FROM (
        SELECT id, artist FROM tracks
        WHERE is_active AND (is_public OR NOT :only_public) AND match_key(title) = wanted.key
        ORDER BY artist_keys && wanted.names DESC, id LIMIT :most) AS named
    ORDER BY similarity(folded(artist), coalesce(wanted.artist, '')) DESC, id LIMIT 8
) AS found WHERE wanted.key <> ''""")

# Of one artist so many tracks at most are compared: a name such as "Various" must not cost more.
BY_ARTIST = text("""
SELECT wanted.number, found.id
FROM (SELECT number, folded(title) AS title, folded_names(artists) AS keys
    FROM jsonb_to_recordset(CAST(:wanted AS jsonb)) AS w(number int, title text, artists text[])
    OFFSET 0) AS wanted
CROSS JOIN LATERAL (
    SELECT id FROM (
        SELECT id, similarity(folded(title), wanted.title) AS likeness FROM tracks
        WHERE is_active AND (is_public OR NOT :only_public) AND artist_keys && wanted.keys
        LIMIT 400) AS theirs
    WHERE likeness > 0.3 ORDER BY likeness DESC, id LIMIT 8
) AS found""")


def ids_by_title(
    database: Database, wanted: Sequence[Wanted], *, only_public: bool
) -> list[tuple[int, UUID]]:
    """(row number, track id) of those whose title is the same but for asides."""
    return _in_batches(database, BY_TITLE, wanted, only_public, most=MOST_BY_TITLE)


def ids_by_artist(
    database: Database, wanted: Sequence[Wanted], *, only_public: bool
) -> list[tuple[int, UUID]]:
    """Of those by the same people whose title is alike."""
    return _in_batches(database, BY_ARTIST, wanted, only_public)


def _in_batches(
    database: Database,
    statement: TextClause,
    wanted: Sequence[Wanted],
    only_public: bool,
    **more: int,
) -> list[tuple[int, UUID]]:
    found: list[tuple[int, UUID]] = []
    for start in range(0, len(wanted), BATCH):
        batch = json.dumps([one._asdict() for one in wanted[start : start + BATCH]])
        parameters = {"wanted": batch, "only_public": only_public, **more}
        rows = database.execute(statement, parameters)
        found += [(row.number, row.id) for row in rows]
    return found


def tracks_by_isrc(
    database: Database, codes: Collection[str], *, only_public: bool
) -> list[Candidate]:
    wanted = bindparam("codes", sorted(codes), ARRAY(Track.isrc.type))
    return _candidates(database, Track.isrc == func.any(wanted), only_public)


def tracks_by_id(
    database: Database, ids: Collection[UUID], *, only_public: bool
) -> list[Candidate]:
    wanted = bindparam("ids", list(ids), ARRAY(Uuid()))
    return _candidates(database, Track.id == func.any(wanted), only_public)


def _candidates(
    database: Database, which: ColumnElement[bool], only_public: bool
) -> list[Candidate]:
    columns = (Track.id, Track.title, Track.artist, Track.album, Track.duration_seconds, Track.isrc)
    statement = select(*columns).where(which, shown(only_public))
    return [
        Candidate(row.id, row.title, row.artist, row.album, row.duration_seconds, row.isrc)
        for row in database.execute(statement)
    ]
