"""Which tracks of a reply are the caller's favorites: one statement for a page."""

from collections.abc import Sequence

from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow
from djamms.music import favorites_repository as repository
from djamms.music.presenter import TrackPresenter
from djamms.music.schemas import TrackDetails, TrackReply
from djamms.security.principal import Principal


def details_of(database: Database, principal: Principal, row: AnyRow) -> TrackDetails:
    """From a row of `repository.DETAIL_COLUMNS`."""
    [details] = tell_favorites(database, principal, [TrackPresenter().details(row)])
    return details


def tell_favorites[T: TrackReply](
    database: Database, principal: Principal, tracks: Sequence[T]
) -> list[T]:
    """The same tracks; nothing is told to who is not signed in."""
    if principal.user_id is not None and tracks:
        ids = [track.id for track in tracks]
        found = repository.favorites_among(database, user_id=principal.user_id, track_ids=ids)
        for track in tracks:
            track.is_favorite = track.id in found
    return list(tracks)
