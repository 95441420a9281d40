"""The music library: lists, details, uploads, and the way to the sound."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.db.types import AnyRow
from djamms.errors import NotFound, Unauthenticated
from djamms.models.track import Upload, UploadState
from djamms.music import list_repository as lists
from djamms.music import repository
from djamms.music.criteria import TrackFilter
from djamms.music.cursor import read_cursor, write_cursor
from djamms.music.favorites import details_of, tell_favorites
from djamms.music.list_repository import Place, Start
from djamms.music.presenter import TrackPresenter, upload_details, upload_reply
from djamms.music.schemas import (
    ArtworkReply,
    TrackDetails,
    TrackReply,
    TrackState,
    UploadReply,
    UploadRequest,
    UploadTarget,
)
from djamms.music.sorting import Sort, SortField
from djamms.security.principal import Principal
from djamms.security.repository import guests_are_welcome
from djamms.security.signing import opens_stream
from djamms.security.streams import window_end
from djamms.storage.keys import ArtworkSize, artwork_key, upload_key
from djamms.storage.presign import presign_upload

UPLOAD_WINDOW = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Listing:
    tracks: list[TrackReply]
    total: int
    next_cursor: str | None


def list_tracks(
    database: Database,
    *,
    principal: Principal,
    criteria: TrackFilter,
    sort: Sort,
    page: int,
    cursor: str | None,
    limit: int,
) -> Listing:
    """A page by its number, or the one behind a cursor."""
    total, rows = _page(database, principal, criteria, sort, page, cursor, limit)
    present = TrackPresenter().track
    shown = rows[:limit]
    end = shown[-1] if len(rows) > limit else None
    return Listing(
        tracks=tell_favorites(database, principal, [present(row) for row in shown]),
        total=total,
        next_cursor=write_cursor(sort, criteria, Place(end.sort_value, end.id)) if end else None,
    )


def _page(
    database: Database,
    principal: Principal,
    criteria: TrackFilter,
    sort: Sort,
    page: int,
    cursor: str | None,
    limit: int,
) -> tuple[int, Sequence[AnyRow]]:
    """One row more than wanted tells whether there is a next page."""
    offset = (page - 1) * limit
    plain = criteria == TrackFilter() and sort.field == SortField.ADDED
    if offset and cursor is None and plain:
        total, start = lists.find_start(database, principal=principal, sort=sort, offset=offset)
    else:
        total = lists.count_tracks(database, principal=principal, criteria=criteria)
        start = Start(offset)
    if cursor is None:
        rows = lists.page_by_number(
            database,
            principal=principal,
            criteria=criteria,
            sort=sort,
            start=start,
            limit=limit + 1,
        )
    else:
        place = read_cursor(cursor, sort, criteria)
        rows = lists.page_behind(
            database,
            principal=principal,
            criteria=criteria,
            sort=sort,
            place=place,
            limit=limit + 1,
        )
    return total, rows


def get_track(database: Database, *, principal: Principal, track_id: UUID) -> TrackDetails:
    """The track, or the upload that is to become it; raises NotFound."""
    row = repository.find_track(database, principal=principal, track_id=track_id)
    if row is not None:
        return details_of(database, principal, row)
    upload = repository.find_upload(database, principal=principal, upload_id=track_id)
    if upload is not None and upload.state != UploadState.READY:
        return upload_details(upload)
    # It may have become a track between the two statements.
    row = repository.find_track(database, principal=principal, track_id=track_id)
    if row is not None:
        return details_of(database, principal, row)
    return _get_withheld(database, principal, track_id)


def _get_withheld(database: Database, principal: Principal, track_id: UUID) -> TrackDetails:
    row = repository.find_withheld(database, principal=principal, track_id=track_id)
    if row is None:
        raise NotFound("There is no such track.")
    known = details_of(database, principal, row)
    state = TrackState.HIDDEN if row.hidden_at else TrackState.MISSING
    return known.model_copy(update={"audio_url": None, "url": None, "state": state})


def request_uploads(
    database: Database,
    *,
    principal: Principal,
    files: Sequence[UploadRequest],
    correlation_id: str,
) -> list[UploadReply]:
    """Gives each track its id and the client one hour to send the files."""
    uploads = [
        new_upload(
            principal,
            filename=file.filename,
            content_type=file.content_type,
            size_bytes=file.size,
            is_public=file.is_public,
            correlation_id=correlation_id,
        )
        for file in files
    ]
    repository.add_uploads(database, uploads)
    return [UploadReply(track=upload_reply(upload), upload=target_of(upload)) for upload in uploads]


def target_of(upload: Upload) -> UploadTarget:
    form = presign_upload(
        upload.object_key,
        content_type=upload.content_type,
        size_bytes=upload.size_bytes,
        now=upload.created_at,
        lifetime=UPLOAD_WINDOW,
    )
    return UploadTarget(method="POST", url=form.url, fields=form.fields, expires_at=form.expires_at)


def new_upload(
    principal: Principal,
    *,
    filename: str,
    content_type: str,
    size_bytes: int,
    is_public: bool,
    correlation_id: str,
) -> Upload:
    now, track_id = clock.now(), uuid4()
    assert principal.user_id is not None  # write:tracks is never a guest's
    return Upload(
        id=track_id,
        uploaded_by=principal.user_id,
        filename=filename,
        content_type=content_type,
        size_bytes=size_bytes,
        object_key=upload_key(track_id),
        state=UploadState.UPLOADING,
        correlation_id=correlation_id,
        is_public=is_public,
        expires_at=now + UPLOAD_WINDOW,
        created_at=now,
        updated_at=now,
    )


def stream_url(
    database: Database, *, principal: Principal, track_id: UUID, token: str | None
) -> str:
    """The CDN address of the audio: for a valid stream token, or for who may see the track.

    Raises NotFound, and Unauthenticated where guests are not welcome.
    """
    from djamms.storage.cdn import signed_url  # 25 ms of cryptography that only a stream needs

    now = clock.now()
    trusted = bool(token) and opens_stream(token or "", track_id, now)
    if not trusted and principal.is_anonymous and not guests_are_welcome(database):
        raise Unauthenticated
    key = repository.find_object_key(
        database, track_id=track_id, only_public=principal.is_guest and not trusted
    )
    if key is None:
        raise NotFound("There is no such track.")
    return signed_url(key, expires=window_end(now))


def artwork(
    database: Database, *, principal: Principal, track_id: UUID, size: ArtworkSize
) -> ArtworkReply:
    """Where the picture lies; raises NotFound when the track has none."""
    found = repository.find_tracks(database, principal=principal, track_ids=[track_id])
    if not found or found[0].thumbnail_key is None:
        raise NotFound("There is no artwork for this track.")
    url = TrackPresenter().artwork_url(artwork_key(track_id, size))
    return ArtworkReply(url=url or "", size=size.value, width=size.pixels, height=size.pixels)
