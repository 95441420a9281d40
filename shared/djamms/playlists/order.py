"""What stands in a playlist and where: entries are added, removed and moved under its lock."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow
from djamms.errors import Conflict, NotFound, Unprocessable
from djamms.models.playlist import Playlist
from djamms.music.repository import visible_ids
from djamms.playlists import repository
from djamms.playlists.repository import GAP
from djamms.playlists.rule_edits import lock_by_hand as lock
from djamms.playlists.schemas import PlaylistOrder
from djamms.playlists.service import order_reply, touch
from djamms.security.principal import Principal


def add_tracks(
    database: Database,
    *,
    principal: Principal,
    playlist_id: UUID,
    track_ids: Sequence[UUID],
    position: int | None,
) -> PlaylistOrder:
    """Adds entries at a rank or at the end; all of them or, when one track is unknown, none."""
    playlist = lock(database, principal=principal, playlist_id=playlist_id)
    visible = visible_ids(database, principal=principal, track_ids=track_ids)
    if missing := [str(track_id) for track_id in track_ids if track_id not in visible]:
        raise NotFound(
            f"{len(missing)} of these tracks do not exist; nothing was added.",
            details=[{"field": "trackIds", "reason": f"{one} does not exist"} for one in missing],
        )
    repository.insert_entries(
        database,
        playlist_id=playlist_id,
        track_ids=track_ids,
        order_keys=_keys_for(database, principal, playlist_id, position, len(track_ids)),
        added_by=principal.user_id,
    )
    repository.recount(database, playlist)
    return _edited(database, principal, playlist)


def remove(
    database: Database, *, principal: Principal, playlist_id: UUID, entry_or_track_id: UUID
) -> PlaylistOrder:
    """Removes one entry by its own id, or every entry of a track; raises NotFound."""
    playlist = lock(database, principal=principal, playlist_id=playlist_id)
    if not repository.delete_entries(
        database, playlist_id=playlist_id, entry_or_track_id=entry_or_track_id
    ):
        raise NotFound("This track is not in the playlist.")
    repository.recount(database, playlist)
    return _edited(database, principal, playlist)


def move(
    database: Database,
    *,
    principal: Principal,
    playlist_id: UUID,
    version: int,
    entry_id: UUID,
    position: int,
) -> PlaylistOrder:
    """Gives one entry a new rank; a rank behind the end means the end. Raises Conflict."""
    playlist = _lock_version(database, principal, playlist_id, version)
    (key,) = _keys_for(database, principal, playlist_id, position, 1, without=entry_id)
    moved = repository.set_order_key(
        database, playlist_id=playlist_id, entry_id=entry_id, order_key=key
    )
    if not moved:
        raise NotFound("This entry is not in the playlist.")
    return _edited(database, principal, playlist)


def rearrange(
    database: Database,
    *,
    principal: Principal,
    playlist_id: UUID,
    version: int,
    entry_ids: Sequence[UUID],
) -> PlaylistOrder:
    """Puts the entries into a new order, which must name each that the caller sees once.

    Hidden ones may be named; the others stay behind the entry that they followed. Raises Conflict.
    """
    playlist = _lock_version(database, principal, playlist_id, version)
    present = repository.ordered_entries(database, principal=principal, playlist_id=playlist_id)
    order = _with_the_unnamed(present, entry_ids)
    if sorted(order) != sorted(entry.id for entry in present):
        reason = "name every entry of the playlist exactly once"
        raise Unprocessable(
            f"entryIds must {reason}.", details=[{"field": "entryIds", "reason": reason}]
        )
    repository.set_order(database, playlist_id=playlist_id, entry_ids=order)
    return _edited(database, principal, playlist)


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


def _lock_version(
    database: Database, principal: Principal, playlist_id: UUID, version: int
) -> Playlist:
    playlist = lock(database, principal=principal, playlist_id=playlist_id)
    if playlist.version != version:
        current = order_reply(database, principal=principal, playlist_id=playlist_id)
        raise Conflict(
            "Someone else changed this playlist meanwhile. Here is its order as it is now.",
            details=[
                {
                    "field": "version",
                    "reason": f"it is {playlist.version} now",
                    "version": playlist.version,
                    "entryIds": current.entry_ids,
                }
            ],
        )
    return playlist


def _keys_for(
    database: Database,
    principal: Principal,
    playlist_id: UUID,
    position: int | None,
    count: int,
    *,
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
        )

    below, above = around()
    if above is not None and above - below <= count:
        repository.renumber(database, playlist_id)
        below, above = around()
    step = GAP if above is None else (above - below) // (count + 1)
    return [below + step * (index + 1) for index in range(count)]


def _edited(database: Database, principal: Principal, playlist: Playlist) -> PlaylistOrder:
    touch(playlist)
    database.flush()
    return order_reply(database, principal=principal, playlist_id=playlist.id)
