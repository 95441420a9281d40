"""A playlist's own picture: asked for, sent to the bucket, made by `ingest`, taken away."""

from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.models.cover import CoverState, PlaylistCover
from djamms.music.schemas import UploadTarget
from djamms.playlists import covers_repository
from djamms.playlists.cover_orders import AWAITED, order_mosaic
from djamms.playlists.cover_schemas import CoverReply, CoverRequest
from djamms.playlists.service import get_playlist, lock
from djamms.security.principal import Principal
from djamms.storage.cover_keys import cover_upload_key

UPLOAD_WINDOW = timedelta(minutes=15)


def get_cover(database: Database, *, principal: Principal, playlist_id: UUID) -> CoverReply:
    # In this order: what is `ready` is shown by the playlist that is read after it.
    cover = covers_repository.find_cover(database, playlist_id=playlist_id)
    playlist = get_playlist(database, principal=principal, playlist_id=playlist_id)
    return CoverReply(
        state=_state(cover),
        failure=cover.failure if cover else None,
        is_own=bool(cover and cover.is_own),
        thumbnail=playlist.thumbnail,
        image=playlist.image,
        upload=None,
    )


def _state(cover: PlaylistCover | None) -> CoverState:
    """What was asked for and never sent counts no more once its form is over."""
    if cover is None:
        return CoverState.NONE
    if cover.state != CoverState.WAITING or _is_awaited(cover):
        return CoverState(cover.state)
    return CoverState.READY if cover.is_own else CoverState.NONE


def _is_awaited(cover: PlaylistCover) -> bool:
    return bool(cover.requested_at and cover.requested_at > clock.now() - AWAITED)


def request_cover(
    database: Database, *, principal: Principal, playlist_id: UUID, asked: CoverRequest
) -> CoverReply:
    """Where to send the picture; only the one asked for last counts. Raises NotFound, Forbidden."""
    lock(database, principal=principal, playlist_id=playlist_id)
    cover = covers_repository.lock_cover(database, playlist_id=playlist_id)
    cover.state, cover.failure, cover.upload_id = CoverState.WAITING, None, uuid4()
    cover.requested_at = clock.now()
    database.flush()
    target = _target(cover, cover.upload_id, asked)
    reply = get_cover(database, principal=principal, playlist_id=playlist_id)
    return reply.model_copy(update={"upload": target})


def _target(cover: PlaylistCover, upload_id: UUID, asked: CoverRequest) -> UploadTarget:
    from djamms.storage.presign import presign_upload  # boto3: 250 ms that only this needs

    form = presign_upload(
        cover_upload_key(cover.playlist_id, upload_id),
        content_type=asked.content_type,
        size_bytes=asked.size,
        now=clock.now(),
        lifetime=UPLOAD_WINDOW,
    )
    return UploadTarget(method="POST", url=form.url, fields=form.fields, expires_at=form.expires_at)


def remove_cover(database: Database, *, principal: Principal, playlist_id: UUID) -> CoverReply:
    """The mosaic takes its place in a moment. Raises NotFound, Forbidden."""
    lock(database, principal=principal, playlist_id=playlist_id)
    cover = covers_repository.lock_cover(database, playlist_id=playlist_id)
    cover.state, cover.failure, cover.upload_id = CoverState.NONE, None, None
    if cover.is_own:
        cover.is_own, cover.asked_at = False, None
        covers_repository.show(database, playlist_id=playlist_id, thumbnail_key=None)
    database.flush()
    order_mosaic(database, playlist_id)
    return get_cover(database, principal=principal, playlist_id=playlist_id)
