"""What the bucket has lost."""

from sqlalchemy.orm import Session as Database

from djamms.music import missing_repository
from djamms.music.presenter import TrackPresenter, silenced
from djamms.music.schemas import MissingTrack, TrackState
from djamms.security.principal import Principal


def list_missing(
    database: Database, *, principal: Principal, page: int, limit: int
) -> tuple[list[MissingTrack], int]:
    """One's own uploads, or all for moderators, missed last first; and how many."""
    rows = missing_repository.list_missing(
        database, principal=principal, offset=(page - 1) * limit, limit=limit
    )
    presenter = TrackPresenter()
    tracks = [
        MissingTrack(
            **silenced(presenter.track_fields(row), TrackState.MISSING),
            missing_since=row.missing_since,
        )
        for row in rows
    ]
    return tracks, missing_repository.count_missing_of(database, principal=principal)
