"""A playlist's versions: which there are, what stood in one, and back to it as a new one."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms.db.cursors import refusing_made_up
from djamms.db.types import AnyRow
from djamms.errors import NotFound
from djamms.models.history import PlaylistAction, PlaylistVersion
from djamms.models.playlist import Playlist
from djamms.music.repository import visible_ids
from djamms.playlists import entries, history, imported_repository, order, rule_based
from djamms.playlists import history_repository as kept
from djamms.playlists import repository as playlists
from djamms.playlists.history_schemas import PlaylistEntryReply, PlaylistVersionReply
from djamms.playlists.precondition import ANYTHING, Expected, lock_expected
from djamms.playlists.rewind import Content, Entry, Undo
from djamms.playlists.schemas import PlaylistOrder
from djamms.playlists.service import find_editable
from djamms.security.principal import Principal


@dataclass(frozen=True, slots=True)
class Versions:
    versions: list[PlaylistVersionReply]
    total: int
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Past:
    entries: list[PlaylistEntryReply]
    total: int


def list_versions(
    database: Database, *, principal: Principal, playlist_id: UUID, cursor: str | None, limit: int
) -> Versions:
    """The newest first; raises NotFound, Forbidden."""
    playlist = find_editable(database, principal, playlist_id)
    before = None
    if cursor:
        with refusing_made_up():
            before = int(cursor)
    rows = kept.list_versions(database, playlist_id=playlist_id, before=before, limit=limit + 1)
    shown, more = rows[:limit], len(rows) > limit
    return Versions(
        versions=[_reply(row, playlist) for row in shown],
        total=kept.count_versions(database, playlist_id),
        next_cursor=str(shown[-1].PlaylistVersion.version) if more else None,
    )


def get_version(
    database: Database, *, principal: Principal, playlist_id: UUID, version: int
) -> PlaylistVersionReply:
    playlist = find_editable(database, principal, playlist_id)
    return _reply(_find(database, playlist_id, version), playlist)


def list_past_entries(
    database: Database,
    *,
    principal: Principal,
    playlist_id: UUID,
    version: int,
    page: int,
    limit: int,
) -> Past:
    """What stood in it then, a page by its number; raises NotFound, Forbidden."""
    find_editable(database, principal, playlist_id)
    _find(database, playlist_id, version)
    now, then = kept.content(database, playlist_id)
    for undo in kept.undos(database, playlist_id=playlist_id, after=version, to=now):
        then.undo(undo)
    rows, start = list(then), (page - 1) * limit
    ahead = [entry.track_id for entry in rows[:start]]
    visible = visible_ids(database, principal=principal, track_ids=ahead) if ahead else set()
    first_rank = sum(track_id in visible for track_id in ahead)
    shown = rows[start : start + limit]
    return Past(
        entries=entries.present(database, principal, shown, first_rank=first_rank),
        total=len(rows),
    )


def restore(
    database: Database,
    *,
    principal: Principal,
    playlist_id: UUID,
    version: int,
    expected: Expected = ANYTHING,
    is_whole: bool = True,
) -> PlaylistOrder:
    """Makes what stood in it then, its name and its description a new version. Who may see it
    stays as it is, and so does what was erased for good. Raises NotFound, Forbidden, Conflict."""
    playlist = lock_expected(
        database, principal=principal, playlist_id=playlist_id, expected=expected, by_hand=False
    )
    _find(database, playlist_id, version)
    now, then = kept.content(database, playlist_id)
    before = list(then)
    fields: dict[str, Any] = {}
    for undo in kept.undos(database, playlist_id=playlist_id, after=version, to=now):
        then.undo(undo)
        fields |= undo.fields
    if "rules" in fields and fields["rules"] != playlist.rules:
        rule_based.check_owner(principal, playlist, fields["rules"])
    undo = _replace(database, playlist_id, before, then)
    gone = [entry.id for entry in undo.removed]
    imported_repository.note_replaced(database, playlist_id=playlist_id, gone=gone, back=undo.added)
    undo.fields.update({name: getattr(playlist, name) for name in fields})
    for name, value in fields.items():
        setattr(playlist, name, value)
    playlists.recount(database, playlist)
    rule_based.store_counts(database, playlist)
    history.record(
        database,
        made_by=principal.user_id,
        playlist=playlist,
        action=PlaylistAction.RESTORED,
        changed=len(undo.added) + len(undo.removed) or len(undo.order or ()),
        undo=undo,
    )
    return order.edited(database, principal, playlist, is_whole=is_whole)


def _replace(database: Database, playlist_id: UUID, before: list[Entry], then: Content) -> Undo:
    """Makes the playlist hold what it held then; how to get back from there."""
    present = {entry.id for entry in before}
    gone = [entry for entry in before if entry.id not in then.entries]
    kept.delete_all(database, playlist_id=playlist_id, entry_ids=[entry.id for entry in gone])
    back = [entry for entry in then if entry.id not in present]
    inserted = kept.insert_again(database, playlist_id=playlist_id, entries=back)
    target = [entry.id for entry in then if entry.id in present or entry.id in inserted]
    staying = [entry.id for entry in before if entry.id in then.entries]
    if target == staying:
        return Undo.between(before, set(staying))
    playlists.set_order(database, playlist_id=playlist_id, entry_ids=target)
    return Undo(added=sorted(inserted), removed=gone, order=[entry.id for entry in before])


def _find(database: Database, playlist_id: UUID, version: int) -> AnyRow:
    row = kept.find_version(database, playlist_id=playlist_id, version=version)
    if row is None:
        raise NotFound("There is no such version of this playlist, or it is no longer kept.")
    return row


def _reply(row: AnyRow, playlist: Playlist) -> PlaylistVersionReply:
    version: PlaylistVersion = row.PlaylistVersion
    return PlaylistVersionReply(
        version=version.version,
        action=PlaylistAction(version.action),
        changed=version.changed,
        track_count=version.track_count,
        made_at=version.made_at,
        made_by=row.username,
        is_current=version.version == playlist.version,
    )
