"""What lies in the trash, and how it comes back."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms.music import service, trash_repository
from djamms.music.editing import bulk_reply
from djamms.music.presenter import TrackPresenter, silenced
from djamms.music.schemas import BulkReply, DeletedTrack, TrackDetails, TrackState
from djamms.security.principal import Principal


def list_deleted(
    database: Database, *, principal: Principal, page: int, limit: int
) -> tuple[list[DeletedTrack], int]:
    """One's own deleted tracks, or all for moderators, deleted last first; and how many."""
    rows = trash_repository.list_deleted(
        database, principal=principal, offset=(page - 1) * limit, limit=limit
    )
    presenter = TrackPresenter()
    tracks = [
        DeletedTrack(
            **silenced(presenter.track_fields(row), TrackState.MISSING),
            deleted_at=row.deleted_at,
            is_restorable=bool(row.object_key),
        )
        for row in rows
    ]
    return tracks, trash_repository.count_deleted(database, principal=principal)


def restore_track(database: Database, *, principal: Principal, track_id: UUID) -> TrackDetails:
    """Raises NotFound, Conflict."""
    from djamms.music.restoring import restore  # boto3: 250 ms that only this needs
    from djamms.storage.store import media_store

    restore(database, store=media_store(), track_id=track_id)
    return service.get_track(database, principal=principal, track_id=track_id)


def restore_tracks(database: Database, *, track_ids: Sequence[UUID]) -> BulkReply:
    """Those that lie in the trash and still have their sound."""
    from djamms.music.restoring import restore_all  # boto3, likewise
    from djamms.storage.store import media_store

    found = restore_all(database, store=media_store(), track_ids=track_ids)
    return bulk_reply(track_ids, found)
