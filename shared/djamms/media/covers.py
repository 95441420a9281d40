"""The two sizes of a playlist's picture, from one of its own or from its tracks' artwork."""

from collections.abc import Sequence

from PIL import Image

from djamms.media.artwork import ArtworkError, jpeg, load, scaled
from djamms.storage.keys import ArtworkSize

MAX_COVER_BYTES = 5 * 1024 * 1024
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
        try:
            picture.paste(load(tile).resize((TILE, TILE)), (place % 2 * TILE, place // 2 * TILE))
        except (OSError, ValueError, SyntaxError) as error:
            raise ArtworkError(f"{type(error).__name__}: {error}") from error
    return jpeg(picture.reduce(2)), jpeg(picture)
