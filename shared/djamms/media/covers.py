"""The two sizes of a playlist's picture, from one of its own or from its tracks' artwork."""

from collections.abc import Sequence

from PIL import Image

from djamms.media.artwork import PICTURE_ERRORS, ArtworkError, jpeg, load, scaled
from djamms.storage.cover_keys import MAX_COVER_BYTES
from djamms.storage.keys import ArtworkSize

TILE = ArtworkSize.SMALL.pixels
TILES = 4
# What the first bytes say; WebP's name stands behind the length.
JPEG, PNG, RIFF, WEBP = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF", b"WEBP"

type Cover = tuple[bytes, bytes]


def cover(data: bytes) -> Cover:
    """Small and large, as JPEG. Raises ArtworkError, its message for the person who sent it."""
    if len(data) > MAX_COVER_BYTES:
        raise ArtworkError("The picture is larger than 5 MB.")
    if not (data.startswith((JPEG, PNG)) or (data[:4] == RIFF and data[8:12] == WEBP)):
        raise ArtworkError("Send a JPEG, PNG or WebP picture.")
    try:
        sizes = scaled(data)
    except ArtworkError as error:
        raise ArtworkError("The picture is damaged, or has too many pixels.") from error
    return sizes[ArtworkSize.SMALL], sizes[ArtworkSize.MEDIUM]


def mosaic(tiles: Sequence[bytes]) -> Cover:
    """Of four small artworks, two by two. Raises ArtworkError."""
    picture = Image.new("RGB", (2 * TILE, 2 * TILE))
    for place, tile in enumerate(tiles[:TILES]):
        picture.paste(
            read_artwork(tile).resize((TILE, TILE)), (place % 2 * TILE, place // 2 * TILE)
        )
    return jpeg(picture.reduce(2)), jpeg(picture)


def read_artwork(data: bytes) -> Image.Image:
    """Raises ArtworkError."""
    try:
        return load(data)
    except PICTURE_ERRORS as error:
        raise ArtworkError(f"{type(error).__name__}: {error}") from error
