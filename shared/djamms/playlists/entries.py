"""The places of a playlist, also of tracks that are missing, for those who edit it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow
from djamms.models.playlist import Playlist
from djamms.music.presenter import TrackPresenter
from djamms.playlists import history_repository, repository, rule_based
from djamms.playlists.cursor import read_entry_cursor, write_entry_cursor
from djamms.playlists.history_schemas import EntryState, PlaylistEntryReply
from djamms.playlists.rules import Rules
from djamms.playlists.service import find_editable, list_chosen
from djamms.security.principal import Principal


@dataclass(frozen=True, slots=True)
class AllEntries:
    entries: list[PlaylistEntryReply]
    total: int
    next_cursor: str | None


class Place(Protocol):
    """An entry, as a row or as what a version remembers."""

    @property
    def id(self) -> Any: ...
    @property
    def track_id(self) -> Any: ...
    @property
    def added_at(self) -> Any: ...


def list_all(
    database: Database, *, principal: Principal, playlist_id: UUID, cursor: str | None, limit: int
) -> AllEntries:
    """A page of all entries in order; raises NotFound, Forbidden."""
    playlist: Playlist = find_editable(database, principal, playlist_id)
    if rules := rule_based.rules_of(playlist):
        return _chosen(database, principal, playlist, rules, cursor, limit)
    after = read_entry_cursor(cursor) if cursor else None
    rows = history_repository.list_all_entries(
        database, playlist_id=playlist_id, after=after, limit=limit + 1
    )
    first_rank = 0
    if after:
        first_rank = repository.rank_behind(
            database,
            principal=principal,
            playlist_id=playlist_id,
            place=after,
            all_visible=False,
        )
    page, more = rows[:limit], len(rows) > limit
    return AllEntries(
        entries=present(database, principal, page, first_rank=first_rank),
        total=playlist.track_count,
        next_cursor=write_entry_cursor((page[-1].order_key, page[-1].id)) if more else None,
    )


def _chosen(
    database: Database,
    principal: Principal,
    playlist: Playlist,
    rules: Rules,
    cursor: str | None,
    limit: int,
) -> AllEntries:
    """What rules choose is never missing."""
    found = list_chosen(database, principal, playlist, rules, cursor, limit)
    rows = [
        PlaylistEntryReply(
            entry_id=track.entry_id,
            track_id=track.id,
            state=EntryState.READY,
            **track.model_dump(
                include={
                    *("position", "title", "artist", "album", "duration"),
                    *("thumbnail", "added_at"),
                }
            ),
        )
        for track in found.tracks
    ]
    return AllEntries(rows, found.total, found.next_cursor)


def present(
    database: Database, principal: Principal, places: Sequence[Place], *, first_rank: int
) -> list[PlaylistEntryReply]:
    tracks = history_repository.known_tracks(
        database, principal=principal, track_ids=[place.track_id for place in places]
    )
    presenter, rank, found = TrackPresenter(), first_rank, []
    for place in places:
        track = tracks.get(place.track_id)
        is_ready = bool(track and track.is_visible)
        found.append(_reply(presenter, place, track, rank if is_ready else None))
        rank += is_ready
    return found


def _reply(
    presenter: TrackPresenter, place: Place, track: AnyRow | None, rank: int | None
) -> PlaylistEntryReply:
    is_ready = rank is not None
    return PlaylistEntryReply(
        entry_id=str(place.id),
        track_id=str(place.track_id),
        position=rank,
        state=EntryState.READY if is_ready else EntryState.MISSING,
        title=track.title if track else None,
        artist=track.artist if track else None,
        album=track.album if track else None,
        duration=track.duration_seconds if track else None,
        # The pictures of a missing track may lie in the trash.
        thumbnail=presenter.artwork_url(track.thumbnail_key) if track and is_ready else None,
        added_at=place.added_at,
    )
