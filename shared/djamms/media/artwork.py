"""Covers: any picture in, three square JPEGs out.

Each size is exactly what its key says: centred on the shorter side and cropped, as music players
show covers; a smaller picture is enlarged, so that a page can rely on the size.
"""

import io
import struct
import warnings
import zlib
from hashlib import sha256

from PIL import Image, ImageOps

from djamms.storage.keys import ArtworkSize

type Thumbnails = dict[ArtworkSize, bytes]

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
Image.MAX_IMAGE_PIXELS = 50_000_000
# A progressive JPEG has ten scans or so. Each costs a pass over the whole picture and a few bytes.
JPEG_SCAN, MAX_JPEG_SCANS = b"\xff\xda", 64
QUALITY = 82
# Covers whose sizes a process keeps, the last used ones.
KEPT = 32
_kept: dict[bytes, Thumbnails] = {}
BACKGROUND = (255, 255, 255)
PICTURE_ERRORS = (
    OSError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    SyntaxError,
    EOFError,
    MemoryError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


class ArtworkError(Exception):
    """This picture cannot be used; the track is none the worse for it."""


def thumbnails(data: bytes) -> Thumbnails:
    """JPEG of each size. Raises ArtworkError.

    The tracks of an album come one after the other and carry the same cover: it is scaled once.
    """
    digest = sha256(data).digest()
    made = _kept.pop(digest, None) or scaled(data)
    _kept[digest] = made
    if len(_kept) > KEPT:
        _kept.pop(next(iter(_kept)), None)
    return made


def scaled(data: bytes) -> Thumbnails:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return sizes_of(square(load(data), ArtworkSize.LARGE.pixels))
    except PICTURE_ERRORS as error:
        raise ArtworkError(f"{type(error).__name__}: {error}") from error


def sizes_of(picture: Image.Image) -> Thumbnails:
    """From the largest; each is exactly half of the one before."""
    made = {ArtworkSize.LARGE: jpeg(picture)}
    for size in (ArtworkSize.MEDIUM, ArtworkSize.SMALL):
        picture = picture.reduce(2)
        made[size] = jpeg(picture)
    return made


def load(data: bytes) -> Image.Image:
    """Upright, opaque, RGB."""
    if data.count(JPEG_SCAN) > MAX_JPEG_SCANS and data.startswith(b"\xff\xd8"):
        raise ValueError("too many scans")
    picture: Image.Image = Image.open(io.BytesIO(data), formats=FORMATS)
    # JPEG decodes at the smallest scale that is still large enough.
    picture.draft("RGB", (ArtworkSize.LARGE.pixels, ArtworkSize.LARGE.pixels))
    picture.load()
    return opaque(ImageOps.exif_transpose(picture))


def opaque(picture: Image.Image) -> Image.Image:
    if picture.mode == "I;16":
        # 16-bit grey: convert() alone would clip instead of scale.
        picture = picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        picture = Image.new("RGB", layer.size, BACKGROUND)
        picture.paste(layer, mask=layer.getchannel("A"))
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def square(picture: Image.Image, pixels: int) -> Image.Image:
    """The centre of the picture, scaled."""
    side = min(picture.size)
    left, top = (picture.width - side) / 2, (picture.height - side) / 2
    return picture.resize(
        (pixels, pixels),
        Image.Resampling.BICUBIC,
        box=(left, top, left + side, top + side),
        reducing_gap=2.0,
    )


def jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, progressive=True)
    return out.getvalue()
