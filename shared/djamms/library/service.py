"""What a person collects: favorites, starred playlists, what was played and searched for."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.db.types import AnyRow
from djamms.errors import NotFound
from djamms.library import repository
from djamms.library.pages import Asked, Page, page_of, window_of
from djamms.library.schemas import (
    FavoriteReply,
    FavoriteTrack,
    HiddenTrack,
    PlayedTrack,
    SearchEntry,
    StarredPlaylist,
    StarReply,
)
from djamms.music.presenter import TrackPresenter, silenced
from djamms.music.schemas import TrackState
from djamms.playlists.service import find_several
from djamms.security.principal import Principal


def list_favorites(
    database: Database, *, principal: Principal, asked: Asked
) -> Page[FavoriteTrack]:
    rows = repository.list_favorites(database, principal=principal, window=window_of(asked))
    presenter = TrackPresenter()
    return page_of(
        rows,
        asked,
        present=lambda row: FavoriteTrack(
            **_track(presenter, row) | {"is_favorite": True}, added_at=row.at
        ),
        count=lambda: repository.count_favorites(database, principal=principal),
    )


def add_favorite(database: Database, *, principal: Principal, track_id: UUID) -> FavoriteReply:
    """Raises NotFound."""
    since = repository.add_favorite(
        database, principal=principal, track_id=track_id, now=clock.now()
    )
    if since is None:
        raise NotFound("There is no such track.")
    return FavoriteReply(track_id=str(track_id), is_favorite=True, added_at=since)


def remove_favorite(database: Database, *, principal: Principal, track_id: UUID) -> bool:
    """Whether it was one."""
    return repository.remove_favorite(
        database, principal=principal, track_id=track_id, now=clock.now()
    )


def list_starred(
    database: Database, *, principal: Principal, asked: Asked
) -> Page[StarredPlaylist]:
    rows = repository.list_stars(database, principal=principal, window=window_of(asked))
    ids = [row.playlist_id for row in rows[: asked.limit]]
    playlists = find_several(database, principal=principal, playlist_ids=ids)
    return page_of(
        rows,
        asked,
        present=lambda row: StarredPlaylist(
            **dict(playlists[str(row.playlist_id)]), starred_at=row.at
        ),
        count=lambda: repository.count_stars(database, principal=principal),
    )


def star(database: Database, *, principal: Principal, playlist_id: UUID) -> StarReply:
    """Raises NotFound."""
    since = repository.add_star(
        database, principal=principal, playlist_id=playlist_id, now=clock.now()
    )
    if since is None:
        raise NotFound("There is no such playlist.")
    return StarReply(playlist_id=str(playlist_id), is_starred=True, starred_at=since)


def unstar(database: Database, *, principal: Principal, playlist_id: UUID) -> bool:
    """Whether it was starred."""
    return repository.remove_star(
        database, principal=principal, playlist_id=playlist_id, now=clock.now()
    )


def list_history(database: Database, *, principal: Principal, asked: Asked) -> Page[PlayedTrack]:
    rows = repository.list_history(database, principal=principal, window=window_of(asked))
    presenter = TrackPresenter()
    return page_of(
        rows,
        asked,
        present=lambda row: _played(presenter, row),
        count=lambda: repository.count_history(database, principal=principal),
    )


def list_hidden(database: Database, *, principal: Principal, asked: Asked) -> Page[HiddenTrack]:
    rows = repository.list_hidden(database, principal=principal, window=window_of(asked))
    presenter = TrackPresenter()
    return page_of(
        rows,
        asked,
        present=lambda row: HiddenTrack(**_track(presenter, row), hidden_at=row.at),
        count=lambda: repository.count_hidden(database, principal=principal),
    )


def list_searches(database: Database, *, principal: Principal, asked: Asked) -> Page[SearchEntry]:
    rows = repository.list_searches(database, principal=principal, window=window_of(asked))
    return page_of(
        rows,
        asked,
        present=_searched,
        count=lambda: repository.count_searches(database, principal=principal),
    )


def clear_searches(database: Database, *, principal: Principal) -> int:
    """How many there were."""
    return repository.clear_searches(database, principal=principal)


def _track(presenter: TrackPresenter, row: AnyRow) -> dict[str, Any]:
    fields = presenter.track_fields(row)
    if row.is_visible:
        return fields
    return silenced(fields, TrackState.HIDDEN if row.is_hidden else TrackState.MISSING)


def _played(presenter: TrackPresenter, row: AnyRow) -> PlayedTrack:
    return PlayedTrack(
        **_track(presenter, row),
        event_id=str(row.row_id),
        played_at=row.at,
        duration_played=row.duration_played_seconds,
        played_from=row.played_from,
    )


def _searched(row: AnyRow) -> SearchEntry:
    return SearchEntry(
        id=str(row.row_id),
        query=row.query,
        filters=row.filters,
        result_count=row.result_count,
        searched_at=row.at,
    )
