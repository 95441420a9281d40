"""Rows as the objects of the wire contract, with addresses that authorise themselves."""

from datetime import datetime
from typing import Any

from djamms import clock
from djamms.config import config
from djamms.db.types import AnyRow
from djamms.models.track import Upload, UploadState
from djamms.music.schemas import Failure, TrackDetails, TrackReply, TrackState
from djamms.security.streams import StreamSigner, window_end

MEGABYTE = 1_000_000


class TrackPresenter:
    """Makes replies for one request: one clock reading, one signing key, one expiry."""

    def __init__(self, now: datetime | None = None) -> None:
        self._signer = StreamSigner(config.jwt_secret)
        self._expires = window_end(now or clock.now())
        self._tracks_url = f"{config.api_base_url}/music/tracks"
        self._cdn_url = config.cdn_base_url

    def track(self, row: AnyRow) -> TrackReply:
        """From a row of `repository.TRACK_COLUMNS`."""
        return TrackReply(**self.track_fields(row))

    def details(self, row: AnyRow) -> TrackDetails:
        """From a row of `repository.DETAIL_COLUMNS`."""
        return TrackDetails(
            **self.track_fields(row),
            artists=row.artists or [row.artist],
            album_artist=row.album_artist,
            genres=row.genres or ([row.genre] if row.genre else []),
            tags=row.tags,
            composer=row.composer,
            label=row.label,
            metadata=row.raw_metadata,
        )

    def track_fields(self, row: AnyRow) -> dict[str, Any]:
        track_id = str(row.id)
        token = self._signer.token(row.id, self._expires)
        stream_url = f"{self._tracks_url}/{track_id}/stream?token={token}"
        return {
            "id": track_id,
            "title": row.title,
            "artist": row.artist,
            "album": row.album,
            "genre": row.genre,
            "duration": row.duration_seconds,
            "year": row.year,
            "bitrate": row.bitrate_kbps,
            "file_size": None if row.size_bytes is None else round(row.size_bytes / MEGABYTE, 2),
            "thumbnail": self.artwork_url(row.thumbnail_key),
            "audio_url": stream_url,
            "url": stream_url,
            "popularity": row.popularity,
            "plays": row.play_count,
            "rating": row.rating,
            "date_added": row.created_at,
            "updated_at": row.updated_at,
            "source": row.source,
            "explicit": row.explicit,
            "bpm": row.bpm,
            "key": row.musical_key,
            "isrc": row.isrc,
            "track_number": row.track_number,
            "disc_number": row.disc_number,
            "is_public": row.is_public,
            "is_favorite": None,
            "state": TrackState.READY,
            "failure": None,
        }

    def artwork_url(self, key: str | None) -> str | None:
        return key and f"{self._cdn_url}/{key}"


def silenced(fields: dict[str, Any], state: TrackState) -> dict[str, Any]:
    """What is still known of a track that nobody can play now."""
    return fields | {"audio_url": None, "url": None, "thumbnail": None, "state": state}


def upload_details(upload: Upload) -> TrackDetails:
    known = upload_reply(upload)
    return TrackDetails(
        **{name: getattr(known, name) for name in TrackReply.model_fields},
        artists=[known.artist],
        album_artist=None,
        genres=[],
        tags=[],
        composer=None,
        label=None,
        metadata={},
    )


def upload_reply(upload: Upload) -> TrackReply:
    """An upload that is not a track yet: what is known of it, and how far it is."""
    failed = upload.state == UploadState.FAILED
    return TrackReply(
        id=str(upload.id),
        title=upload.filename,
        artist="Unknown Artist",
        album=None,
        genre=None,
        duration=0,
        year=None,
        bitrate=None,
        file_size=round(upload.size_bytes / MEGABYTE, 2),
        thumbnail=None,
        audio_url=None,
        url=None,
        popularity=0,
        plays=0,
        rating=None,
        date_added=upload.created_at,
        updated_at=upload.updated_at,
        source="local",
        explicit=False,
        bpm=None,
        key=None,
        isrc=None,
        track_number=None,
        disc_number=None,
        is_public=upload.is_public,
        is_favorite=None,
        state=TrackState(upload.state),
        failure=Failure(code=upload.failure_code or "", message=upload.failure_message or "")
        if failed
        else None,
    )
