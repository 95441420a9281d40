from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, delete, func, insert, or_, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute, aliased, defer
from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow
from djamms.models.history import PlaylistVersion
from djamms.models.playlist import Playlist, PlaylistEntry
from djamms.models.system import SystemSetting
from djamms.models.track import Track
from djamms.models.user import User
from djamms.music.repository import TRACK_COLUMNS, may_know_of, visible_to
from djamms.playlists.cursor import EntryPlace
from djamms.playlists.repository import PLACE_COLUMNS, is_behind
from djamms.playlists.rewind import Content, Entry, Placed, Undo
from djamms.security.principal import Principal

KEPT_DAYS = "playlists.history_days"
DEFAULT_KEPT_DAYS = 365
BATCH = 1000
ENTRY_COLUMNS = (
    PlaylistEntry.id,
    PlaylistEntry.track_id,
    PlaylistEntry.added_at,
    PlaylistEntry.added_by,
)


def add_version(database: Database, row: dict[str, Any]) -> bool:
    """Whether there was one before."""
    earlier = aliased(PlaylistVersion)
    before = select(earlier.version).where(earlier.playlist_id == row["playlist_id"]).exists()
    return bool(database.scalar(insert(PlaylistVersion).values(row).returning(before)))


def list_versions(
    database: Database, *, playlist_id: UUID, before: int | None, limit: int
) -> Sequence[AnyRow]:
    """The newest first."""
    statement = (
        select(PlaylistVersion, User.username)
        .outerjoin(User, User.id == PlaylistVersion.made_by)
        .where(PlaylistVersion.playlist_id == playlist_id)
        .order_by(PlaylistVersion.version.desc())
        .limit(limit)
        # What an edit takes to be undone may be large.
        .options(defer(PlaylistVersion.undo), defer(PlaylistVersion.order_before))
    )
    if before is not None:
        statement = statement.where(PlaylistVersion.version < before)
    return database.execute(statement).all()


def count_versions(database: Database, playlist_id: UUID) -> int:
    counted = select(func.count()).where(PlaylistVersion.playlist_id == playlist_id)
    return database.scalar(counted) or 0


def find_version(database: Database, *, playlist_id: UUID, version: int) -> AnyRow | None:
    rows = list_versions(database, playlist_id=playlist_id, before=version + 1, limit=1)
    return rows[0] if rows and rows[0].PlaylistVersion.version == version else None


def content(database: Database, playlist_id: UUID) -> tuple[int, Content]:
    """What stands in it, and the version that this is: of one instant."""
    rows = database.execute(
        select(Playlist.version, *ENTRY_COLUMNS)
        .outerjoin(PlaylistEntry, PlaylistEntry.playlist_id == Playlist.id)
        .where(Playlist.id == playlist_id)
        .order_by(*PLACE_COLUMNS)
    ).all()
    return rows[0].version, Content(_entry(row) for row in rows if row.id is not None)


def undos(database: Database, *, playlist_id: UUID, after: int, to: int) -> Iterable[Undo]:
    """Of the versions from `to` down to the one behind `after`."""
    kept = database.execute(
        select(PlaylistVersion.undo, PlaylistVersion.order_before)
        .where(
            PlaylistVersion.playlist_id == playlist_id,
            PlaylistVersion.version > after,
            PlaylistVersion.version <= to,
        )
        .order_by(PlaylistVersion.version.desc())
    )
    return [Undo.from_json(row.undo, row.order_before) for row in kept]


def standing(
    database: Database, *, playlist_id: UUID, entry_or_track_id: UUID
) -> tuple[list[Entry], list[Placed]]:
    """An entry, or all of a track, and where they stand; in the order of the playlist."""
    named = or_(PlaylistEntry.id == entry_or_track_id, PlaylistEntry.track_id == entry_or_track_id)
    other = aliased(PlaylistEntry)
    behind = (
        select(other.id)
        .where(
            other.playlist_id == playlist_id,
            tuple_(other.order_key, other.id) < tuple_(*PLACE_COLUMNS),
        )
        .order_by(other.order_key.desc(), other.id.desc())
        .limit(1)
        .correlate(PlaylistEntry)
        .scalar_subquery()
    )
    rows = database.execute(
        select(*ENTRY_COLUMNS, behind.label("behind"))
        .where(PlaylistEntry.playlist_id == playlist_id, named)
        .order_by(*PLACE_COLUMNS)
    ).all()
    return [_entry(row) for row in rows], [Placed(row.id, row.behind) for row in rows]


def delete_all(database: Database, *, playlist_id: UUID, entry_ids: Sequence[UUID]) -> None:
    ids = bindparam("ids", list(entry_ids), ARRAY(Uuid()))
    database.execute(
        delete(PlaylistEntry)
        .where(PlaylistEntry.playlist_id == playlist_id, PlaylistEntry.id == func.any(ids))
        .execution_options(synchronize_session=False)
    )


def insert_again(database: Database, *, playlist_id: UUID, entries: Sequence[Entry]) -> set[UUID]:
    """Those whose tracks there still are; who added them may be gone. Their places come later."""
    tracks = _existing(database, Track.id, {entry.track_id for entry in entries})
    people = _existing(database, User.id, {entry.added_by for entry in entries if entry.added_by})
    rows = [
        {
            "id": entry.id,
            "playlist_id": playlist_id,
            "track_id": entry.track_id,
            "order_key": 0,
            "added_at": entry.added_at,
            "added_by": entry.added_by if entry.added_by in people else None,
        }
        for entry in entries
        if entry.track_id in tracks
    ]
    for start in range(0, len(rows), BATCH):
        database.execute(insert(PlaylistEntry).values(rows[start : start + BATCH]))
    return {entry.id for entry in entries if entry.track_id in tracks}


def _existing(
    database: Database, column: InstrumentedAttribute[UUID], ids: Collection[UUID]
) -> set[UUID]:
    wanted = bindparam("ids", list(ids), ARRAY(Uuid()))
    return set(database.scalars(select(column).where(column == func.any(wanted))))


def known_tracks(
    database: Database, *, principal: Principal, track_ids: Sequence[UUID]
) -> dict[UUID, AnyRow]:
    """Also those that are missing; `is_visible` says whether the caller can play one."""
    ids = bindparam("ids", list(set(track_ids)), ARRAY(Uuid()))
    rows = database.execute(
        select(*TRACK_COLUMNS, visible_to(principal).label("is_visible")).where(
            Track.id == func.any(ids), may_know_of(principal)
        )
    )
    return {row.id: row for row in rows}


def list_all_entries(
    database: Database, *, playlist_id: UUID, after: EntryPlace | None, limit: int
) -> Sequence[AnyRow]:
    """Entries in order, those included whose tracks are missing."""
    statement = select(*ENTRY_COLUMNS, PlaylistEntry.order_key).where(
        PlaylistEntry.playlist_id == playlist_id
    )
    if after:
        statement = statement.where(is_behind(after))
    return database.execute(statement.order_by(*PLACE_COLUMNS).limit(limit)).all()


def kept_days(database: Database) -> int:
    setting = SystemSetting.key == KEPT_DAYS
    return int(database.scalar(select(SystemSetting.value).where(setting)) or DEFAULT_KEPT_DAYS)


def delete_oldest(database: Database, *, before: datetime, limit: int) -> int:
    """The oldest go first, so that what stays of a playlist's history has no gap."""
    keys = (PlaylistVersion.playlist_id, PlaylistVersion.version)
    oldest = (
        select(*keys)
        .where(PlaylistVersion.made_at < before)
        .order_by(PlaylistVersion.made_at, PlaylistVersion.version)
        .limit(limit)
    )
    gone = database.execute(
        delete(PlaylistVersion)
        .where(tuple_(*keys).in_(oldest))
        .returning(PlaylistVersion.version)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())


def _entry(row: AnyRow) -> Entry:
    return Entry(row.id, row.track_id, row.added_at, row.added_by)
