"""Changing tracks and taking them away: one's own uploads, or any for moderators."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms.errors import Forbidden, NotFound, Unprocessable
from djamms.genres import distinct_by, genre_key, usual_name
from djamms.music import edit_repository, repository
from djamms.music.cancelling import cancel_upload
from djamms.music.favorites import details_of
from djamms.music.schemas import BulkReply, TrackDetails
from djamms.security.principal import Principal
from djamms.tags import own_words

NEVER_NULL = frozenset({"title", "artist", "artists", "explicit", "is_public"})
COLUMNS = {"key": "musical_key"}
MAX_SHOWN = 255


def update_track(
    database: Database,
    *,
    principal: Principal,
    track_id: UUID,
    changes: dict[str, Any],
    check: Callable[[TrackDetails], None] | None = None,
) -> TrackDetails:
    """`check` may refuse the track as it is. Raises NotFound, Forbidden, Unprocessable."""
    values = _values(changes)
    _lock(database, principal, track_id)
    if check:
        check(_details(database, principal, track_id))
    edit_repository.change(database, [track_id], values)
    return _details(database, principal, track_id)


def delete_track(database: Database, *, principal: Principal, track_id: UUID) -> None:
    """Out of sight at once; an administrator can bring it back until the trash is emptied.

    What is not a track yet is taken back for good.
    """
    lock_tracks = edit_repository.lock_tracks
    found = lock_tracks(database, principal=principal, track_ids=[track_id])
    if not found and cancel_upload(database, principal=principal, upload_id=track_id):
        return
    # Not `found`: it may have become a track while the upload was waited for.
    _lock(database, principal, track_id)
    edit_repository.discard(database, [track_id])


def edit_tracks(
    database: Database,
    *,
    principal: Principal,
    track_ids: Sequence[UUID],
    changes: dict[str, Any],
) -> BulkReply:
    """`changed` have the values now, be it since before."""
    values = _values(changes)
    found = edit_repository.lock_tracks(database, principal=principal, track_ids=track_ids)
    edit_repository.change(database, found, values)
    return bulk_reply(track_ids, found)


def delete_tracks(
    database: Database, *, principal: Principal, track_ids: Sequence[UUID]
) -> BulkReply:
    found = edit_repository.lock_tracks(database, principal=principal, track_ids=track_ids)
    edit_repository.discard(database, found)
    return bulk_reply(track_ids, found)


def bulk_reply(track_ids: Sequence[UUID], changed: Sequence[UUID]) -> BulkReply:
    done, wanted = set(changed), dict.fromkeys(track_ids)
    return BulkReply(
        changed=[str(one) for one in wanted if one in done],
        refused=[str(one) for one in wanted if one not in done],
    )


def _details(database: Database, principal: Principal, track_id: UUID) -> TrackDetails:
    row = repository.find_track(database, principal=principal, track_id=track_id)
    if row is None:
        raise NotFound("There is no such track.")
    return details_of(database, principal, row)


def _lock(database: Database, principal: Principal, track_id: UUID) -> None:
    if not edit_repository.lock_tracks(database, principal=principal, track_ids=[track_id]):
        if repository.find_track(database, principal=principal, track_id=track_id) is None:
            raise NotFound("There is no such track.")
        raise Forbidden("This track was uploaded by someone else.")


def _values(changes: dict[str, Any]) -> dict[str, Any]:
    """By column; raises Unprocessable for a null where there has to be something."""
    nulls = sorted(name for name in NEVER_NULL & changes.keys() if changes[name] in (None, []))
    if nulls:
        details = [{"field": name, "reason": "cannot be null or empty"} for name in nulls]
        raise Unprocessable(f"{', '.join(nulls)} cannot be null or empty.", details=details)
    values = {COLUMNS.get(name, name): value for name, value in changes.items()}
    return values | _artists(values) | _genres(values) | _tags(values)


def _artists(values: dict[str, Any]) -> dict[str, Any]:
    if "artists" in values:
        artists = distinct_by(str.casefold, values["artists"])
        shown = ", ".join(artists)[:MAX_SHOWN].rstrip(" ,")
        return {"artists": artists, "artist": values.get("artist", shown)}
    return {"artists": [values["artist"]]} if "artist" in values else {}


def _genres(values: dict[str, Any]) -> dict[str, Any]:
    if not {"genre", "genres"} & values.keys():
        return {}
    first, others = values.get("genre"), values.get("genres") or []
    if "genre" in values and first is None:
        others = []
    usual = (usual_name(genre) or genre for genre in [first, *others] if genre)
    genres = distinct_by(genre_key, usual)
    return {"genres": genres, "genre": genres[0] if genres else None}


def _tags(values: dict[str, Any]) -> dict[str, Any]:
    return {"tags": own_words(values["tags"] or ())} if "tags" in values else {}
