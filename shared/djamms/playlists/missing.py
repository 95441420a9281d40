"""Entries that wait for their track: they keep their place, and are shown beside the list."""

from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms.music.presenter import TrackPresenter, silenced
from djamms.music.schemas import TrackState
from djamms.playlists import missing_repository
from djamms.playlists.schemas import PlaylistTrack
from djamms.playlists.service import get_playlist
from djamms.security.principal import Principal


def list_missing(
    database: Database, *, principal: Principal, playlist_id: UUID, limit: int
) -> list[PlaylistTrack]:
    """Raises NotFound."""
    get_playlist(database, principal=principal, playlist_id=playlist_id)
    presenter = TrackPresenter()
    return [
        PlaylistTrack(
            **silenced(
                presenter.track_fields(row),
                TrackState.HIDDEN if row.is_hidden else TrackState.MISSING,
            ),
            entry_id=str(row.entry_id),
            position=row.place,
            added_at=row.added_at,
        )
        for row in missing_repository.list_missing(
            database, principal=principal, playlist_id=playlist_id, limit=limit
        )
    ]
