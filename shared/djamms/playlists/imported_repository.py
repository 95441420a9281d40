"""The rows of imported files follow the entries that stand for them, whoever edits those."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, bindparam, case, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.models.exchange import ImportRow, PlaylistImport, RowState
from djamms.models.playlist import PlaylistEntry


def note_removed(database: Database, *, playlist_id: UUID, entry_ids: Collection[UUID]) -> None:
    """Somebody took them out: their rows wait for no other track, until somebody says so."""
    database.execute(
        update(ImportRow)
        .where(ImportRow.import_id.in_(_imports(playlist_id)), _stands(entry_ids))
        .values(state=RowState.REMOVED, reasons=[])
        .execution_options(synchronize_session="fetch")
    )


def note_replaced(
    database: Database, *, playlist_id: UUID, gone: Collection[UUID], back: Collection[UUID]
) -> None:
    """The playlist is as it was: a row whose entry went waits as before, one whose entry came back
    is matched. Where a row had several, the one that is there now stands for it."""
    if gone:
        _note_gone(database, playlist_id, gone)
    if back:
        _note_back(database, playlist_id, back)


def _note_gone(database: Database, playlist_id: UUID, gone: Collection[UUID]) -> None:
    has_candidates = func.jsonb_array_length(ImportRow.candidates) > 0
    database.execute(
        update(ImportRow)
        .where(ImportRow.import_id.in_(_imports(playlist_id)), _stands(gone))
        .values(
            state=case((has_candidates, RowState.DOUBTFUL), else_=RowState.MISSING),
            track_id=None,
            score=None,
            reasons=[],
            # Not found again by the next look at what has changed since.
            checked_at=clock.now(),
        )
        .execution_options(synchronize_session="fetch")
    )


def _note_back(database: Database, playlist_id: UUID, back: Collection[UUID]) -> None:
    earlier = func.array_remove(ImportRow.former_entries, ImportRow.entry_id)
    former = func.array_append(earlier, ImportRow.entry_id)
    is_its = (ImportRow.entry_id == PlaylistEntry.id) | (
        PlaylistEntry.id == func.any(ImportRow.former_entries)
    )
    database.execute(
        update(ImportRow)
        .where(
            ImportRow.import_id.in_(_imports(playlist_id)),
            PlaylistEntry.playlist_id == playlist_id,
            PlaylistEntry.id == func.any(_ids(back)),
            is_its,
        )
        .values(
            state=RowState.MATCHED,
            entry_id=PlaylistEntry.id,
            former_entries=former,
            track_id=PlaylistEntry.track_id,
            score=None,
            reasons=["restored"],
        )
        .execution_options(synchronize_session="fetch")
    )


def _imports(playlist_id: UUID) -> Select[UUID]:
    return select(PlaylistImport.id).where(PlaylistImport.playlist_id == playlist_id)


def _stands(entry_ids: Collection[UUID]) -> ColumnElement[bool]:
    return (ImportRow.state == RowState.MATCHED) & (ImportRow.entry_id == func.any(_ids(entry_ids)))


def _ids(entry_ids: Collection[UUID]) -> ColumnElement[Any]:
    return bindparam("ids", list(entry_ids), ARRAY(Uuid()))
