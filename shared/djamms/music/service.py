"""The music library: lists, details, uploads, and the way to the sound."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.config import config
from djamms.errors import NotFound, Unauthenticated
from djamms.models.track import Upload, UploadState
from djamms.music import repository
from djamms.music.criteria import TrackFilter, TrackSort
from djamms.music.presenter import TrackPresenter, upload_reply
from djamms.music.schemas import ArtworkReply, TrackReply
from djamms.security.principal import Principal
from djamms.security.repository import guests_are_welcome
from djamms.security.streams import StreamSigner, window_end
from djamms.storage.keys import ArtworkSize, artwork_key, upload_key
from djamms.storage.presign import PresignedUpload, presign_upload

UPLOAD_WINDOW = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Listing:
    tracks: list[TrackReply]
    total: int


def list_tracks(
    database: Database,
    *,
    principal: Principal,
    criteria: TrackFilter,
    sort: TrackSort,
    page: int,
    limit: int,
) -> Listing:
    rows = repository.list_tracks(
        database,
        principal=principal,
        criteria=criteria,
        sort=sort,
        offset=(page - 1) * limit,
        limit=limit,
    )
    present = TrackPresenter().track
    total = repository.count_tracks(database, principal=principal, criteria=criteria)
    return Listing([present(row) for row in rows], total)


def get_track(database: Database, *, principal: Principal, track_id: UUID) -> TrackReply:
    """The track, or the upload that is to become it; raises NotFound."""
    row = repository.find_track(database, principal=principal, track_id=track_id)
    if row is not None:
        return TrackPresenter().track(row)
    upload = repository.find_upload(database, principal=principal, upload_id=track_id)
    if upload is not None and upload.state != UploadState.READY:
        return upload_reply(upload)
    # It may have become a track between the two statements.
    row = repository.find_track(database, principal=principal, track_id=track_id)
    if row is None:
        raise NotFound("There is no such track.")
    return TrackPresenter().track(row)


def request_upload(
    database: Database,
    *,
    principal: Principal,
    filename: str,
    content_type: str,
    size_bytes: int,
    is_public: bool,
    correlation_id: str,
) -> tuple[TrackReply, PresignedUpload]:
    """Gives the track its id and the client one hour to send the file."""
    now, track_id = clock.now(), uuid4()
    assert principal.user_id is not None  # write:tracks is never a guest's
    key = upload_key(track_id)
    upload = Upload(
        id=track_id,
        uploaded_by=principal.user_id,
        filename=filename,
        content_type=content_type,
        size_bytes=size_bytes,
        object_key=key,
        state=UploadState.UPLOADING,
        correlation_id=correlation_id,
        is_public=is_public,
        expires_at=now + UPLOAD_WINDOW,
        created_at=now,
        updated_at=now,
    )
    repository.add_upload(database, upload)
    target = presign_upload(key, content_type=content_type, now=now, lifetime=UPLOAD_WINDOW)
    return upload_reply(upload), target


def stream_url(
    database: Database, *, principal: Principal, track_id: UUID, token: str | None
) -> str:
    """The CDN address of the audio: for a valid stream token, or for who may see the track.

    Raises NotFound, and Unauthenticated where guests are not welcome.
    """
    from djamms.storage.cdn import signed_url  # 25 ms of cryptography that only a stream needs

    now = clock.now()
    trusted = bool(token) and StreamSigner(config.jwt_secret).is_valid(token or "", track_id, now)
    if not trusted and principal.is_anonymous and not guests_are_welcome(database):
        raise Unauthenticated
    key = repository.find_object_key(
        database, track_id=track_id, only_public=principal.is_anonymous and not trusted
    )
    if key is None:
        raise NotFound("There is no such track.")
    return signed_url(key, expires=window_end(now))


def artwork(
    database: Database, *, principal: Principal, track_id: UUID, size: ArtworkSize
) -> ArtworkReply:
    """Where the picture lies; raises NotFound when the track has none."""
    row = repository.find_track(database, principal=principal, track_id=track_id)
    if row is None or row.thumbnail_key is None:
        raise NotFound("There is no artwork for this track.")
    url = TrackPresenter().artwork_url(artwork_key(track_id, size))
    return ArtworkReply(url=url or "", size=size.value, width=size.pixels, height=size.pixels)
