"""Playlists: who sees them, and what stands in them in which order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.db.types import AnyRow
from djamms.errors import Forbidden, NotFound, Unprocessable
from djamms.models.history import PlaylistAction
from djamms.models.playlist import Playlist
from djamms.music.favorites import tell_favorites
from djamms.music.presenter import TrackPresenter
from djamms.playlists import access_repository as access
from djamms.playlists import history, repository, rule_based
from djamms.playlists.cover_address import addresses
from djamms.playlists.cursor import (
    read_entry_cursor,
    read_list_cursor,
    write_entry_cursor,
    write_list_cursor,
)
from djamms.playlists.repository import Hidden
from djamms.playlists.rewind import Undo
from djamms.playlists.rules import Rules
from djamms.playlists.schemas import (
    Access,
    PlaylistOrder,
    PlaylistReply,
    PlaylistState,
    PlaylistTrack,
)
from djamms.security import audit
from djamms.security.audit import Event
from djamms.security.principal import Principal

HIDDEN = "A moderator has hidden this playlist: it cannot be changed until it is restored."

# Which playlists a caller may do something with.
type Rule = Callable[[Principal], Any]


@dataclass(frozen=True, slots=True)
class Playlists:
    playlists: list[PlaylistReply]
    total: int
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Entries:
    tracks: list[PlaylistTrack]
    total: int
    next_cursor: str | None


def list_playlists(
    database: Database, *, principal: Principal, page: int, cursor: str | None, limit: int
) -> Playlists:
    """A page by its number, or the one behind a cursor; newest first."""
    rows = repository.list_playlists(
        database,
        principal=principal,
        after=read_list_cursor(cursor) if cursor else None,
        offset=0 if cursor else (page - 1) * limit,
        limit=limit + 1,
    )
    shown, more = rows[:limit], len(rows) > limit
    is_all = page == 1 and not cursor and not more
    end = shown[-1].Playlist if more else None
    return Playlists(
        playlists=_replies(database, principal, shown),
        total=len(shown) if is_all else repository.count_playlists(database, principal=principal),
        next_cursor=write_list_cursor((end.created_at, end.id)) if end else None,
    )


def get_playlist(
    database: Database, *, principal: Principal, playlist_id: UUID, is_linked: bool = False
) -> PlaylistReply:
    """`is_linked` where the caller has followed a link to it. Raises NotFound."""
    row = _find(database, principal, playlist_id, is_linked=is_linked)
    return _reply(row, count_hidden(database, principal, row.Playlist))


def find_several(
    database: Database, *, principal: Principal, playlist_ids: Sequence[UUID]
) -> dict[str, PlaylistReply]:
    """Those that the caller may read, by their ids."""
    rows = repository.find_several(database, principal=principal, playlist_ids=playlist_ids)
    return {reply.id: reply for reply in _replies(database, principal, rows)}


def create_playlist(
    database: Database,
    *,
    principal: Principal,
    name: str,
    description: str | None,
    is_public: bool,
    rules: Rules | None = None,
) -> PlaylistReply:
    now = clock.now()
    playlist = Playlist(
        name=name,
        description=description,
        is_public=is_public,
        owner_id=principal.user_id,
        created_at=now,
        updated_at=now,
    )
    repository.add_playlist(database, playlist)
    if rules:
        rule_based.set_rules(database, principal, playlist, rules)
    history.begin(database, principal=principal, playlist=playlist)
    return get_playlist(database, principal=principal, playlist_id=playlist.id)


def list_entries(
    database: Database,
    *,
    principal: Principal,
    playlist_id: UUID,
    cursor: str | None,
    limit: int,
    is_linked: bool = False,
) -> Entries:
    """A page of entries in order; `cursor` is the previous page's `next_cursor`."""
    playlist: Playlist = _find(database, principal, playlist_id, is_linked=is_linked).Playlist
    if rules := rule_based.rules_of(playlist):
        return list_chosen(database, principal, playlist, rules, cursor, limit)
    after = read_entry_cursor(cursor) if cursor else None
    rows = repository.list_entries(
        database, principal=principal, playlist_id=playlist_id, after=after, limit=limit + 1
    )
    page, more = rows[:limit], len(rows) > limit
    first_rank, total = 0, len(page)
    if after or more:  # else the page is all there is
        hidden = count_hidden(database, principal, playlist)
        total = playlist.track_count - hidden.entries
        if after and rows:
            first_rank = repository.rank_behind(
                database,
                principal=principal,
                playlist_id=playlist_id,
                place=after,
                all_visible=not hidden.entries,
            )
    return Entries(
        tracks=tell_favorites(database, principal, _present(page, first_rank)),
        total=total,
        next_cursor=write_entry_cursor((page[-1].order_key, page[-1].entry_id)) if more else None,
    )


def list_chosen(
    database: Database,
    principal: Principal,
    playlist: Playlist,
    rules: Rules,
    cursor: str | None,
    limit: int,
) -> Entries:
    """A page of what rules choose; its cursor says how many tracks stand before the next one."""
    offset = read_entry_cursor(cursor)[0] if cursor else 0
    page = rule_based.list_tracks(database, principal, playlist, rules, offset=offset, limit=limit)
    end = offset + len(page.tracks)
    return Entries(
        tracks=tell_favorites(database, principal, page.tracks),
        total=page.total,
        next_cursor=write_entry_cursor((end, UUID(page.tracks[-1].id))) if page.has_more else None,
    )


def update_playlist(
    database: Database,
    *,
    principal: Principal,
    playlist_id: UUID,
    changes: dict[str, Any],
    check: Callable[[PlaylistReply], None] | None = None,
) -> PlaylistReply:
    """Changes what is given; `check` may refuse the playlist as it is. Raises NotFound, Forbidden,
    Unprocessable."""
    playlist = lock(database, principal=principal, playlist_id=playlist_id)
    if changes.get("is_public", playlist.is_public) != playlist.is_public:
        require(database, principal=principal, playlist_id=playlist_id, may=access.managed_by)
    if check:
        check(get_playlist(database, principal=principal, playlist_id=playlist_id))
    if changes.get("name", "") is None or changes.get("is_public", False) is None:
        raise Unprocessable("A playlist has a name, and is public or not: neither can be null.")
    if "rules" in changes:
        changes = rule_based.with_rules(database, principal, playlist, changes)
    different = {name: old for name in changes if (old := getattr(playlist, name)) != changes[name]}
    if different:
        for name in different:
            setattr(playlist, name, changes[name])
        rule_based.store_counts(database, playlist)
        history.record(
            database,
            made_by=principal.user_id,
            playlist=playlist,
            action=PlaylistAction.CHANGED,
            changed=len(different),
            undo=Undo(fields={name: different[name] for name in different.keys() & history.FIELDS}),
        )
        database.flush()
    return get_playlist(database, principal=principal, playlist_id=playlist_id)


def delete_playlist(database: Database, *, principal: Principal, playlist_id: UUID) -> None:
    """Takes it out of sight. Its entries stay; schedules that named it play the default."""
    playlist = lock(database, principal=principal, playlist_id=playlist_id, may=access.managed_by)
    playlist.is_active = False
    history.record(
        database,
        made_by=principal.user_id,
        playlist=playlist,
        action=PlaylistAction.DELETED,
        changed=0,
    )
    if playlist.owner_id != principal.user_id:
        audit.record(
            database,
            Event.DELETED_BY_MODERATOR,
            user_id=playlist.owner_id,
            actor_id=principal.user_id,
            details={"playlist": playlist_id},
        )


def _find(
    database: Database, principal: Principal, playlist_id: UUID, *, is_linked: bool = False
) -> AnyRow:
    row = repository.find_playlist(
        database, principal=principal, playlist_id=playlist_id, is_linked=is_linked
    )
    if row is None:
        raise NotFound("There is no such playlist.")
    return row


def find_editable(database: Database, principal: Principal, playlist_id: UUID) -> Playlist:
    """For what concerns those who edit it; raises NotFound, Forbidden."""
    row = _find(database, principal, playlist_id)
    if not row.is_editable:
        _refuse(row, "This is for those who edit the playlist.")
    playlist: Playlist = row.Playlist
    return playlist


def _refuse(row: AnyRow, reason: str = "This playlist belongs to someone else.") -> NoReturn:
    raise Forbidden(HIDDEN if row.Playlist.hidden_at else reason)


def require(database: Database, *, principal: Principal, playlist_id: UUID, may: Rule) -> None:
    """Without a lock; raises NotFound, Forbidden."""
    if not repository.is_allowed(database, playlist_id=playlist_id, allowed=may(principal)):
        _refuse(_find(database, principal, playlist_id))


def lock(
    database: Database, *, principal: Principal, playlist_id: UUID, may: Rule | None = None
) -> Playlist:
    """For an edit: the playlist, locked until the end; raises NotFound, Forbidden."""
    playlist = repository.lock_playlist(
        database, playlist_id=playlist_id, allowed=(may or access.editable_by)(principal)
    )
    if playlist is None:
        # Raises NotFound where it cannot even be read.
        _refuse(_find(database, principal, playlist_id))
    return playlist


def order_reply(
    database: Database,
    *,
    principal: Principal,
    playlist_id: UUID,
    hidden: Hidden | None = None,
    is_whole: bool = True,
) -> PlaylistOrder:
    """`hidden` where it was counted before; not `is_whole` leaves the entries' ids out."""
    row = _find(database, principal, playlist_id)
    if hidden is None:
        hidden = count_hidden(database, principal, row.Playlist)
    order = _order(database, principal, playlist_id, hidden) if is_whole else None
    return PlaylistOrder(**_fields(row, hidden), entry_ids=order)


def _order(
    database: Database, principal: Principal, playlist_id: UUID, hidden: Hidden
) -> list[str]:
    if not hidden.entries:
        return repository.order_of(database, playlist_id)
    entries = repository.ordered_entries(database, principal=principal, playlist_id=playlist_id)
    return [str(entry.id) for entry in entries if entry.is_visible]


def count_hidden(database: Database, principal: Principal, playlist: Playlist) -> Hidden:
    """What the stored counts say too much for the caller."""
    if rules := rule_based.rules_of(playlist):
        return rule_based.hidden_now(database, principal, playlist, rules)
    found = repository.count_hidden(database, principal=principal, playlist_ids=[playlist.id])
    return found.get(playlist.id, Hidden())


def _replies(
    database: Database, principal: Principal, rows: Sequence[AnyRow]
) -> list[PlaylistReply]:
    """Of rules the stored counts: one that is slow to count must not hold up a list."""
    ids = [row.Playlist.id for row in rows]
    hidden = repository.count_hidden(database, principal=principal, playlist_ids=ids)
    return [_reply(row, hidden.get(row.Playlist.id, Hidden())) for row in rows]


def _reply(row: AnyRow, hidden: Hidden) -> PlaylistReply:
    return PlaylistReply(**_fields(row, hidden))


def _fields(row: AnyRow, hidden: Hidden) -> dict[str, Any]:
    playlist: Playlist = row.Playlist
    return {
        "id": str(playlist.id),
        "name": playlist.name,
        "description": playlist.description,
        "track_count": playlist.track_count - hidden.entries,
        "missing_count": hidden.missing,
        "duration": playlist.total_duration_seconds - hidden.seconds,
        **addresses(playlist.thumbnail_url),
        "is_starred": row.is_starred,
        "access": Access.MANAGE
        if row.is_managed
        else Access.EDIT
        if row.is_editable
        else Access.VIEW,
        "is_public": playlist.is_public,
        "state": PlaylistState.HIDDEN if playlist.hidden_at else PlaylistState.ACTIVE,
        "source": playlist.source,
        "external_url": playlist.external_url,
        "owner": row.owner,
        "owner_id": playlist.owner_id and str(playlist.owner_id),
        "version": playlist.version,
        "rules": rule_based.rules_of(playlist),
        "created_at": playlist.created_at,
        "updated_at": playlist.updated_at,
    }


def _present(rows: Sequence[AnyRow], first_rank: int) -> list[PlaylistTrack]:
    presenter = TrackPresenter()
    return [
        PlaylistTrack(
            **presenter.track_fields(row),
            entry_id=str(row.entry_id),
            position=rank,
            added_at=row.added_at,
        )
        for rank, row in enumerate(rows, start=first_rank)
    ]
