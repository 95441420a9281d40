"""Imports, their rows, and what people decided about them."""

import json
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Text, any_, bindparam, delete, func, insert, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.db.types import AnyRow, AnySelect
from djamms.models.exchange import WAITING, ImportRow, MatchDecision, PlaylistImport, RowState
from djamms.models.playlist import Playlist, PlaylistEntry
from djamms.models.track import Track
from djamms.music.repository import may_know_of, visible_to
from djamms.security.principal import Principal

# The reason of a row that is missing because the time for its file was up before it.
LATER = "later"

INSERT_ENTRIES = text("""
INSERT INTO playlist_tracks (id, playlist_id, track_id, position, added_by)
SELECT e.id, :playlist_id, e.track_id, e.key, :added_by
FROM jsonb_to_recordset(CAST(:entries AS jsonb)) AS e(id uuid, track_id uuid, key bigint)""")

INSERT_ROWS = text("""
INSERT INTO playlist_import_rows (id, import_id, number, title, artist, album, duration, isrc,
    location, source_key, keys, state, score, reasons, candidates, track_id, entry_id)
SELECT r.id, :import_id, r.number, r.title, r.artist, r.album, r.duration, r.isrc,
    r.location, r.source_key,
    ARRAY(SELECT DISTINCT match_key(one) FROM unnest(r.titles) AS one WHERE match_key(one) <> '')
    || ARRAY(SELECT '@' || one FROM unnest(folded_names(r.artists)) AS one),
    r.state, r.score, r.reasons, r.candidates, r.track_id, r.entry_id
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(id uuid, number int, title text, artist text,
    album text, duration int, isrc text, location text, source_key text, titles text[],
    artists text[], state text, score float, reasons text[], candidates jsonb, track_id uuid,
    entry_id uuid)""")


def add_import(database: Database, new: PlaylistImport) -> None:
    database.add(new)
    database.flush()


def insert_entries(
    database: Database,
    *,
    playlist_id: UUID,
    entries: Sequence[dict[str, Any]],
    added_by: UUID | None,
) -> None:
    """`entries`: id, track_id and key of each."""
    values = {"playlist_id": playlist_id, "entries": json.dumps(entries), "added_by": added_by}
    database.execute(INSERT_ENTRIES, values)


def insert_rows(database: Database, import_id: UUID, rows: Sequence[dict[str, Any]]) -> None:
    database.execute(INSERT_ROWS, {"import_id": import_id, "rows": json.dumps(rows)})


def list_imports(database: Database, playlist_id: UUID) -> Sequence[AnyRow]:
    """Each import of a playlist with how many of its rows are in which state; newest first."""
    counts = [func.count().filter(ImportRow.state == state).label(state) for state in RowState]
    return database.execute(
        select(PlaylistImport, func.count().label("rows"), *counts)
        .join(ImportRow, ImportRow.import_id == PlaylistImport.id)
        .where(PlaylistImport.playlist_id == playlist_id)
        .group_by(PlaylistImport.id)
        .order_by(PlaylistImport.created_at.desc(), PlaylistImport.id)
    ).all()


def list_rows(
    database: Database, *, playlist_id: UUID, state: str | None, offset: int, limit: int
) -> Sequence[AnyRow]:
    """`ImportRow` and `in_playlist`, in the order of the file."""
    statement = (
        _rows()
        .where(PlaylistImport.playlist_id == playlist_id)
        .order_by(PlaylistImport.created_at.desc(), PlaylistImport.id, ImportRow.number)
    )
    if state is not None:
        statement = statement.where(ImportRow.state == state)
    return database.execute(statement.offset(offset).limit(limit)).all()


def rows_by_id(
    database: Database, *, playlist_id: UUID, row_ids: Collection[UUID]
) -> dict[UUID, AnyRow]:
    """Those of these rows that belong to the playlist."""
    statement = _rows().where(PlaylistImport.playlist_id == playlist_id, ImportRow.id.in_(row_ids))
    return {found.ImportRow.id: found for found in database.execute(statement)}


def _rows() -> AnySelect:
    return (
        select(ImportRow, PlaylistEntry.id.is_not(None).label("in_playlist"))
        .join(PlaylistImport, PlaylistImport.id == ImportRow.import_id)
        .outerjoin(PlaylistEntry, PlaylistEntry.id == ImportRow.entry_id)
    )


def unmatched_rows(database: Database, playlist_id: UUID) -> Sequence[AnyRow]:
    """What stands in a playlist as words only: what an export says of it, and where it stands."""
    columns = (
        *(ImportRow.import_id, ImportRow.number, ImportRow.title, ImportRow.artist),
        *(ImportRow.album, ImportRow.duration_seconds, ImportRow.isrc, ImportRow.location),
    )
    return database.execute(
        select(*columns)
        .join(PlaylistImport, PlaylistImport.id == ImportRow.import_id)
        .where(PlaylistImport.playlist_id == playlist_id, ImportRow.state.in_(WAITING))
        .order_by(ImportRow.import_id, ImportRow.number)
    ).all()


def placed_rows(database: Database, playlist_id: UUID) -> Sequence[AnyRow]:
    """`import_id`, `number` and `entry_id` of rows that became entries."""
    return database.execute(
        select(ImportRow.import_id, ImportRow.number, ImportRow.entry_id)
        .join(PlaylistImport, PlaylistImport.id == ImportRow.import_id)
        .where(PlaylistImport.playlist_id == playlist_id, ImportRow.entry_id.is_not(None))
    ).all()


def exported_entries(
    database: Database, *, principal: Principal, playlist_id: UUID
) -> Sequence[AnyRow]:
    """What the caller sees of a playlist, in order, and the words of what is missing; not what a
    moderator hid."""
    shown = visible_to(principal)
    kept = may_know_of(principal) & Track.hidden_at.is_(None)
    return database.execute(
        select(
            shown.label("is_visible"),
            PlaylistEntry.id,
            Track.id.label("track_id"),
            Track.title,
            Track.artist,
            Track.album,
            Track.duration_seconds,
            Track.isrc,
        )
        .join(Track, Track.id == PlaylistEntry.track_id)
        .where(PlaylistEntry.playlist_id == playlist_id, shown | kept)
        .order_by(PlaylistEntry.order_key, PlaylistEntry.id)
    ).all()


def find_decisions(
    database: Database, *, user_id: UUID, source_keys: Collection[str]
) -> Sequence[MatchDecision]:
    """In the order in which they were made."""
    mine = select(MatchDecision.id).where(MatchDecision.user_id == user_id)
    if database.scalar(mine.limit(1)) is None:
        return []  # most people never decide anything: thousands of keys need not be sent
    wanted = bindparam("keys", sorted(source_keys), ARRAY(MatchDecision.source_key.type))
    return database.scalars(
        select(MatchDecision)
        .where(MatchDecision.user_id == user_id, MatchDecision.source_key == func.any(wanted))
        .order_by(MatchDecision.decided_at)
    ).all()


def remember(
    database: Database, *, user_id: UUID, source_key: str, decision: str, track_id: UUID | None
) -> None:
    """In the place of what it contradicts: a track is accepted or rejected, one is accepted."""
    mine = (MatchDecision.user_id == user_id, MatchDecision.source_key == source_key)
    same_track = MatchDecision.track_id == track_id
    contradicted = (
        same_track | (MatchDecision.decision == "never")
        if decision == "reject"
        else same_track | (MatchDecision.decision != "reject")
    )
    database.execute(
        delete(MatchDecision)
        .where(*mine, contradicted)
        .execution_options(synchronize_session=False)
    )
    database.execute(
        insert(MatchDecision).values(
            user_id=user_id,
            source_key=source_key,
            decision=decision,
            track_id=track_id,
            decided_at=clock.now(),
        )
    )


class RowPlace(NamedTuple):
    playlist_id: UUID
    import_id: UUID
    number: int


def anchor(database: Database, place: RowPlace, *, behind: bool) -> int | None:
    """The order key of the nearest row of the same file that is in the playlist: of those before
    this one, or of those behind it."""
    at = ImportRow.number
    order = at.desc() if behind else at
    return database.scalar(
        select(PlaylistEntry.order_key)
        .join(ImportRow, ImportRow.entry_id == PlaylistEntry.id)
        .where(
            PlaylistEntry.playlist_id == place.playlist_id,
            ImportRow.import_id == place.import_id,
            at < place.number if behind else at > place.number,
        )
        .order_by(order)
        .limit(1)
    )


def next_key(database: Database, playlist_id: UUID, key: int) -> int | None:
    mine = PlaylistEntry.playlist_id == playlist_id
    return database.scalar(
        select(func.min(PlaylistEntry.order_key)).where(mine, PlaylistEntry.order_key > key)
    )


def previous_key(database: Database, playlist_id: UUID, key: int | None) -> int:
    """The last key before this one, or of all; 0 where nothing is."""
    statement = select(func.max(PlaylistEntry.order_key)).where(
        PlaylistEntry.playlist_id == playlist_id
    )
    if key is not None:
        statement = statement.where(PlaylistEntry.order_key < key)
    return database.scalar(statement) or 0


def waiting_for(database: Database, track_ids: Collection[UUID], *, limit: int) -> Sequence[AnyRow]:
    """Rows (`ImportRow`, `playlist_id`, `imported_by`) that tracks which have come may be."""
    arrived = (
        select(
            func.array_agg(func.match_key(Track.title)).label("titles"),
            func.array_agg(Track.isrc).label("codes"),
        )
        .where(Track.id.in_(track_ids), Track.is_active)
        .cte("arrived")
    )
    found = database.execute(select(arrived)).one()
    artists = database.scalars(
        select(func.unnest(Track.artist_keys)).where(Track.id.in_(track_ids), Track.is_active)
    )
    keys = {*(found.titles or ()), *(f"@{one}" for one in artists)} - {""}
    codes = {code for code in found.codes or () if code}
    return database.execute(
        _waiting()
        .where(
            ImportRow.keys.overlap(bindparam("keys", sorted(keys), ARRAY(Text())))
            | (ImportRow.isrc == func.any(bindparam("codes", sorted(codes), ARRAY(Text()))))
        )
        .order_by(ImportRow.checked_at, ImportRow.id)
        .limit(limit)
    ).all()


def waiting_since(database: Database, *, limit: int) -> Sequence[AnyRow]:
    """Those whose title is one of a track that came or changed after they were looked at."""
    newer = (
        select(Track.id)
        .where(
            Track.is_active,
            Track.updated_at > ImportRow.checked_at,
            func.match_key(Track.title) == any_(ImportRow.keys),
        )
        .exists()
    )
    return database.execute(
        _waiting().where(newer).order_by(ImportRow.checked_at, ImportRow.id).limit(limit)
    ).all()


def waiting_unseen(database: Database, *, limit: int) -> Sequence[AnyRow]:
    """Those that nobody has looked for as yet; the longest known first."""
    unseen = literal(LATER, Text) == any_(ImportRow.reasons)
    return database.execute(
        _waiting().where(unseen).order_by(ImportRow.checked_at, ImportRow.id).limit(limit)
    ).all()


def _waiting() -> AnySelect:
    return (
        select(ImportRow, PlaylistImport.playlist_id, PlaylistImport.imported_by)
        .join(PlaylistImport, PlaylistImport.id == ImportRow.import_id)
        .join(Playlist, Playlist.id == PlaylistImport.playlist_id)
        .where(ImportRow.state.in_(WAITING), Playlist.is_active)
    )


def still_waiting(database: Database, row_ids: Collection[UUID]) -> Sequence[ImportRow]:
    """As they are now that the playlist is locked."""
    return database.scalars(
        select(ImportRow)
        .where(ImportRow.id.in_(row_ids), ImportRow.state.in_(WAITING))
        .order_by(ImportRow.import_id, ImportRow.number)
        .execution_options(populate_existing=True)
    ).all()
