"""What stands in a playlist and where: entries are added, removed and moved under its lock.

Each edit may state what it `expected`, and answers with the new order unless not `is_whole`.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow
from djamms.errors import NotFound, Unprocessable
from djamms.models.history import PlaylistAction
from djamms.models.playlist import Playlist
from djamms.music.repository import visible_ids
from djamms.playlists import history, history_repository, imported_repository, repository
from djamms.playlists.precondition import ANYTHING, Expected, lock_expected
from djamms.playlists.repository import GAP, Hidden
from djamms.playlists.rewind import Undo
from djamms.playlists.schemas import PlaylistOrder
from djamms.playlists.service import count_hidden, order_reply
from djamms.security.principal import Principal


def add_tracks(
    database: Database,
    *,
    principal: Principal,
    playlist_id: UUID,
    track_ids: Sequence[UUID],
    position: int | None,
    expected: Expected = ANYTHING,
    is_whole: bool = True,
) -> PlaylistOrder:
    """Adds entries at a rank or at the end; all of them or, when one track is unknown, none."""
    playlist = lock_expected(
        database, principal=principal, playlist_id=playlist_id, expected=expected
    )
    visible = visible_ids(database, principal=principal, track_ids=track_ids)
    if missing := [str(track_id) for track_id in track_ids if track_id not in visible]:
        raise NotFound(
            f"{len(missing)} of these tracks do not exist; nothing was added.",
            details=[{"field": "trackIds", "reason": f"{one} does not exist"} for one in missing],
        )
    hidden = count_hidden(database, principal, playlist)
    keys = _keys_for(database, principal, playlist_id, position, len(track_ids), hidden=hidden)
    added = repository.insert_entries(
        database,
        playlist_id=playlist_id,
        track_ids=track_ids,
        order_keys=keys,
        added_by=principal.user_id,
    )
    repository.recount(database, playlist)
    history.record(
        database,
        made_by=principal.user_id,
        playlist=playlist,
        action=PlaylistAction.ADDED,
        changed=len(added),
        undo=Undo(added=added),
    )
    # What was added is visible: what is hidden stays the same.
    return edited(database, principal, playlist, is_whole=is_whole, hidden=hidden)


def remove(
    database: Database,
    *,
    principal: Principal,
    playlist_id: UUID,
    entry_or_track_id: UUID,
    expected: Expected = ANYTHING,
    is_whole: bool = True,
) -> PlaylistOrder:
    """Removes one entry by its own id, or every entry of a track; raises NotFound."""
    playlist = lock_expected(
        database, principal=principal, playlist_id=playlist_id, expected=expected
    )
    removed, placed = history_repository.standing(
        database, playlist_id=playlist_id, entry_or_track_id=entry_or_track_id
    )
    if not removed:
        raise NotFound("This track is not in the playlist.")
    repository.delete_entries(
        database, playlist_id=playlist_id, entry_or_track_id=entry_or_track_id
    )
    gone = [entry.id for entry in removed]
    imported_repository.note_removed(database, playlist_id=playlist_id, entry_ids=gone)
    repository.recount(database, playlist)
    history.record(
        database,
        made_by=principal.user_id,
        playlist=playlist,
        action=PlaylistAction.REMOVED,
        changed=len(removed),
        undo=Undo(removed=removed, placed=placed),
    )
    return edited(database, principal, playlist, is_whole=is_whole)


def move(
    database: Database,
    *,
    principal: Principal,
    playlist_id: UUID,
    entry_id: UUID,
    position: int,
    expected: Expected,
    is_whole: bool = True,
) -> PlaylistOrder:
    """Gives one entry a new rank; a rank behind the end means the end. Raises Conflict."""
    playlist = lock_expected(
        database,
        principal=principal,
        playlist_id=playlist_id,
        expected=expected,
        is_required=True,
    )
    _, placed = history_repository.standing(
        database, playlist_id=playlist_id, entry_or_track_id=entry_id
    )
    if [place.id for place in placed] != [entry_id]:
        raise NotFound("This entry is not in the playlist.")
    hidden = count_hidden(database, principal, playlist)
    (key,) = _keys_for(
        database, principal, playlist_id, position, 1, without=entry_id, hidden=hidden
    )
    repository.set_order_key(database, playlist_id=playlist_id, entry_id=entry_id, order_key=key)
    history.record(
        database,
        made_by=principal.user_id,
        playlist=playlist,
        action=PlaylistAction.MOVED,
        changed=1,
        undo=Undo(placed=placed),
    )
    return edited(database, principal, playlist, is_whole=is_whole, hidden=hidden)


def rearrange(
    database: Database,
    *,
    principal: Principal,
    playlist_id: UUID,
    entry_ids: Sequence[UUID],
    expected: Expected,
    is_whole: bool = True,
) -> PlaylistOrder:
    """Puts the entries into a new order, which must name each that the caller sees once.

    Hidden ones may be named; the others stay behind the entry that they followed. Raises Conflict.
    """
    playlist = lock_expected(
        database,
        principal=principal,
        playlist_id=playlist_id,
        expected=expected,
        is_required=True,
    )
    present = repository.ordered_entries(database, principal=principal, playlist_id=playlist_id)
    order = _with_the_unnamed(present, entry_ids)
    if sorted(order) != sorted(entry.id for entry in present):
        reason = "name every entry of the playlist exactly once"
        raise Unprocessable(
            f"entryIds must {reason}.", details=[{"field": "entryIds", "reason": reason}]
        )
    repository.set_order(database, playlist_id=playlist_id, entry_ids=order)
    history.record(
        database,
        made_by=principal.user_id,
        playlist=playlist,
        action=PlaylistAction.REORDERED,
        changed=len(order),
        undo=Undo(order=[entry.id for entry in present]),
    )
    return edited(database, principal, playlist, is_whole=is_whole)


def _with_the_unnamed(present: Sequence[AnyRow], named: Sequence[UUID]) -> list[UUID]:
    """The new order, with hidden entries behind the one they followed; the first stay first."""
    known = set(named)
    leader: UUID | None = None
    followers: dict[UUID | None, list[UUID]] = {}
    for entry in present:
        if entry.is_visible or entry.id in known:
            leader = entry.id
        else:
            followers.setdefault(leader, []).append(entry.id)
    order = [*followers.get(None, [])]
    for entry_id in named:
        order += [entry_id, *followers.get(entry_id, [])]
    return order


def _keys_for(
    database: Database,
    principal: Principal,
    playlist_id: UUID,
    position: int | None,
    count: int,
    *,
    hidden: Hidden,
    without: UUID | None = None,
) -> Sequence[int]:
    """Evenly spread order keys at a rank; renumbers the playlist first when there is no room."""

    def around() -> tuple[int, int | None]:
        return repository.neighbours(
            database,
            principal=principal,
            playlist_id=playlist_id,
            position=position,
            without=without,
            all_visible=not hidden.entries,
        )

    below, above = around()
    if above is not None and above - below <= count:
        repository.renumber(database, playlist_id)
        below, above = around()
    step = GAP if above is None else (above - below) // (count + 1)
    return [below + step * (index + 1) for index in range(count)]


def edited(
    database: Database,
    principal: Principal,
    playlist: Playlist,
    *,
    is_whole: bool,
    hidden: Hidden | None = None,
) -> PlaylistOrder:
    database.flush()
    return order_reply(
        database,
        principal=principal,
        playlist_id=playlist.id,
        hidden=hidden,
        is_whole=is_whole,
    )
