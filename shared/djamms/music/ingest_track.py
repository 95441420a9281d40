"""A probed file as a row of `tracks`."""

from typing import Any

from djamms.genres import distinct_by, genre_key
from djamms.media.probe import Probe
from djamms.models.track import Track, Upload
from djamms.music.ingest_artwork import StoredArtwork


def build_track(
    upload: Upload,
    probed: Probe,
    *,
    object_key: str,
    size_bytes: int,
    artwork: StoredArtwork,
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
        bitrate_kbps=stream.plausible_kbps,
        size_bytes=size_bytes,
        object_key=object_key,
        thumbnail_key=artwork.thumbnail_key,
        raw_metadata=metadata_of(probed, artwork),
        is_public=upload.is_public,
        uploaded_by=upload.uploaded_by,
        content_type=stream.format.content_type,
        track_number=tags.track_number,
        disc_number=tags.disc_number,
        isrc=tags.isrc,
        album_artist=tags.album_artist,
        artists=distinct_by(str.casefold, tags.artists),
        genres=distinct_by(genre_key, tags.genres),
        tags=list(tags.moods),
        composer=tags.composer,
        label=tags.label,
        explicit=bool(tags.explicit),
        bpm=tags.bpm,
        musical_key=tags.key,
    )


def metadata_of(probed: Probe, artwork: StoredArtwork) -> dict[str, Any]:
    """What has no column: the stream, the tags as they were."""
    stream, tags = probed.stream, probed.tags
    return {
        "track_total": tags.track_total,
        "disc_total": tags.disc_total,
        "audio": {
            "format": stream.format.value,
            "codec": stream.codec,
            "duration_seconds": round(stream.seconds, 3),
            "duration_source": stream.duration_source.value,
            "sample_rate_hz": stream.sample_rate_hz,
            "channels": stream.channels,
            "bits_per_sample": stream.bits_per_sample,
            "is_constant_bitrate": stream.is_constant,
        },
        "tags": tags.raw,
        "artwork": artwork.source.value,
        "warnings": [*probed.warnings, *artwork.warnings],
    }
