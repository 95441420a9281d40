"""Changing tracks and taking them away: one's own uploads, or any for moderators."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.errors import Forbidden, NotFound, Unprocessable
from djamms.models.track import Track
from djamms.music import repository
from djamms.music.cancelling import cancel_upload
from djamms.music.presenter import TrackPresenter
from djamms.music.schemas import BulkReply, TrackReply
from djamms.security.principal import Principal

NEVER_NULL = frozenset({"title", "artist", "explicit", "is_public"})
COLUMNS = {"key": "musical_key"}


def update_track(
    database: Database, *, principal: Principal, track_id: UUID, changes: dict[str, Any]
) -> TrackReply:
    """Raises NotFound, Forbidden, Unprocessable."""
    _check(changes)
    _apply(_lock(database, principal, track_id), changes)
    database.flush()
    row = repository.find_track(database, principal=principal, track_id=track_id)
    if row is None:
        raise NotFound("There is no such track.")
    return TrackPresenter().track(row)


def delete_track(database: Database, *, principal: Principal, track_id: UUID) -> None:
    """Out of sight at once; an administrator can bring it back until the trash is emptied.

    What is not a track yet is taken back for good.
    """
    found = repository.lock_tracks(database, principal=principal, track_ids=[track_id])
    if not found and cancel_upload(database, principal=principal, upload_id=track_id):
        return
    # Not `found`: it may have become a track while the upload was waited for.
    _discard(_lock(database, principal, track_id))


def edit_tracks(
    database: Database,
    *,
    principal: Principal,
    track_ids: Sequence[UUID],
    changes: dict[str, Any],
) -> BulkReply:
    _check(changes)
    tracks = repository.lock_tracks(database, principal=principal, track_ids=track_ids)
    for track in tracks:
        _apply(track, changes)
    return _bulk_reply(track_ids, tracks)


def delete_tracks(
    database: Database, *, principal: Principal, track_ids: Sequence[UUID]
) -> BulkReply:
    tracks = repository.lock_tracks(database, principal=principal, track_ids=track_ids)
    for track in tracks:
        _discard(track)
    return _bulk_reply(track_ids, tracks)


def _lock(database: Database, principal: Principal, track_id: UUID) -> Track:
    tracks = repository.lock_tracks(database, principal=principal, track_ids=[track_id])
    if not tracks:
        if repository.find_track(database, principal=principal, track_id=track_id) is None:
            raise NotFound("There is no such track.")
        raise Forbidden("This track was uploaded by someone else.")
    return tracks[0]


def _check(changes: dict[str, Any]) -> None:
    nulls = sorted(name for name in NEVER_NULL & changes.keys() if changes[name] is None)
    if nulls:
        details = [{"field": name, "reason": "cannot be null"} for name in nulls]
        raise Unprocessable(f"{', '.join(nulls)} cannot be null.", details=details)


def _apply(track: Track, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        setattr(track, COLUMNS.get(name, name), value)
    track.updated_at = clock.now()


def _discard(track: Track) -> None:
    track.is_active = False
    track.deleted_at = track.updated_at = clock.now()


def _bulk_reply(track_ids: Sequence[UUID], tracks: Sequence[Track]) -> BulkReply:
    changed = {track.id for track in tracks}
    wanted = dict.fromkeys(track_ids)
    return BulkReply(
        changed=[str(one) for one in wanted if one in changed],
        refused=[str(one) for one in wanted if one not in changed],
    )
