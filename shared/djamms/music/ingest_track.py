"""A probed file as a row of `tracks`."""

from typing import Any

from djamms.media.probe import Probe
from djamms.media.stream import Stream
from djamms.media.tags import TrackTags
from djamms.models.track import Track, Upload

MAX_KEY = 10


def build_track(
    upload: Upload,
    probed: Probe,
    *,
    object_key: str,
    size_bytes: int,
    thumbnail_key: str | None,
    warnings: tuple[str, ...],
) -> Track:
    stream, tags = probed.stream, probed.tags
    return Track(
        id=upload.id,
        title=tags.title,
        artist=tags.artist,
        album=tags.album,
        genre=tags.genre,
        duration_seconds=stream.duration_seconds,
        year=tags.year,
        bitrate_kbps=stream.bitrate_kbps or None,
        size_bytes=size_bytes,
        object_key=object_key,
        thumbnail_key=thumbnail_key,
        raw_metadata=metadata_of(stream, tags, warnings),
        is_public=upload.is_public,
        uploaded_by=upload.uploaded_by,
        content_type=stream.format.content_type,
        track_number=tags.track_number,
        disc_number=tags.disc_number,
        isrc=tags.isrc,
        composer=tags.composer,
        label=tags.label,
        explicit=bool(tags.explicit),
        bpm=tags.bpm,
        musical_key=tags.key if tags.key and len(tags.key) <= MAX_KEY else None,
    )


def metadata_of(stream: Stream, tags: TrackTags, warnings: tuple[str, ...]) -> dict[str, Any]:
    """What has no column: all values of multi-valued tags, the stream, the tags as they were."""
    return {
        "artists": list(tags.artists),
        "album_artist": tags.album_artist,
        "genres": list(tags.genres),
        "track_total": tags.track_total,
        "disc_total": tags.disc_total,
        "audio": {
            "format": stream.format.value,
            "duration_seconds": round(stream.seconds, 3),
            "duration_source": stream.duration_source.value,
            "sample_rate_hz": stream.sample_rate_hz,
            "channels": stream.channels,
            "bits_per_sample": stream.bits_per_sample,
            "is_constant_bitrate": stream.is_constant,
        },
        "tags": tags.raw,
        "warnings": list(warnings),
    }
