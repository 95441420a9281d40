"""A track's three pictures: its own, or one drawn in their place."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from djamms.media.artwork import ArtworkError, Thumbnails, thumbnails
from djamms.media.placeholder import placeholder
from djamms.media.probe import Probe
from djamms.storage.keys import ArtworkSize, artwork_key
from djamms.storage.store import PUBLIC_FOR_EVER, ObjectStore


class ArtworkSource(StrEnum):
    EMBEDDED = "embedded"
    PLACEHOLDER = "placeholder"


@dataclass(frozen=True, slots=True)
class StoredArtwork:
    thumbnail_key: str
    source: ArtworkSource
    warnings: tuple[str, ...] = ()


def store_artwork(store: ObjectStore, track_id: UUID, probed: Probe) -> StoredArtwork:
    pictures, source, warnings = artwork_of(probed)
    for size, body in pictures.items():
        key = artwork_key(track_id, size)
        store.put(key, body, content_type="image/jpeg", cache=PUBLIC_FOR_EVER)
    return StoredArtwork(artwork_key(track_id, ArtworkSize.SMALL), source, warnings)


def artwork_of(probed: Probe) -> tuple[Thumbnails, ArtworkSource, tuple[str, ...]]:
    """The best picture that can be used. A bad one costs the picture only, never the track."""
    for cover in probed.covers:
        try:
            return thumbnails(cover.data), ArtworkSource.EMBEDDED, ()
        except ArtworkError:
            continue
    tags = probed.tags
    drawn = placeholder(tags.album_artist or tags.artist, tags.album or tags.title)
    return drawn, ArtworkSource.PLACEHOLDER, ("artwork_unreadable",) * bool(probed.covers)
