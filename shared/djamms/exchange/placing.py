"""Puts a track where its row stood: behind the entries of the rows before it, wherever those are
now, or else in front of those behind it. The playlist is locked by who calls."""

from uuid import UUID, uuid4

from sqlalchemy.orm import Session as Database

from djamms.exchange import repository
from djamms.models.exchange import ImportRow
from djamms.models.history import PlaylistAction
from djamms.models.playlist import Playlist
from djamms.playlists import history
from djamms.playlists.repository import GAP, recount, renumber
from djamms.playlists.rewind import Undo


def place(
    database: Database, *, playlist_id: UUID, row: ImportRow, track_id: UUID, by: UUID | None
) -> UUID:
    """The id of the new entry, which stands for the row from now on."""
    key = _free_key(database, playlist_id, row)
    if key is None:
        renumber(database, playlist_id)
        key = _free_key(database, playlist_id, row)
    entry_id = uuid4()
    entry = {"id": str(entry_id), "track_id": str(track_id), "key": key}
    repository.insert_entries(database, playlist_id=playlist_id, entries=[entry], added_by=by)
    if row.entry_id is not None:
        row.former_entries = [*row.former_entries, row.entry_id]
    row.entry_id = entry_id
    return entry_id


def _free_key(database: Database, playlist_id: UUID, row: ImportRow) -> int | None:
    """None where two neighbours leave no room."""
    where = repository.RowPlace(playlist_id, row.import_id, row.number)
    below = repository.anchor(database, where, behind=True)
    if below is not None:
        above = repository.next_key(database, playlist_id, below)
    else:
        above = repository.anchor(database, where, behind=False)
        below = repository.previous_key(database, playlist_id, above)
    if above is None:
        return below + GAP
    return (below + above) // 2 if above - below > 1 else None


def edited(
    database: Database,
    playlist: Playlist,
    *,
    made_by: UUID | None,
    undo: Undo,
    renews_cover: bool = True,
) -> None:
    """Counts anew, and leaves a version."""
    recount(database, playlist)
    history.record(
        database,
        made_by=made_by,
        playlist=playlist,
        action=PlaylistAction.MATCHED,
        changed=len(undo.added) + len(undo.removed),
        undo=undo,
        renews_cover=renews_cover,
    )
    database.flush()
