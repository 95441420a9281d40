"""Small real pictures of every troublesome kind. The same arguments give the same bytes."""

import colorsys
import io
import struct
import zlib
from functools import cache

from PIL import Image, ImageDraw

UPSIDE_DOWN, ON_ITS_SIDE = 3, 6
EXIF_ORIENTATION = 0x0112


@cache
def cover(
    kind: str = "JPEG", size: tuple[int, int] = (500, 500), mode: str = "RGB", hue: float = 0.6
) -> bytes:
    """A disc on a plain ground: compresses as artwork does, not as a single colour."""
    out = io.BytesIO()
    draw_cover(size, hue).convert(mode).save(out, kind, quality=85)
    return out.getvalue()


def draw_cover(size: tuple[int, int], hue: float) -> Image.Image:
    picture = Image.new("RGB", size, rgb(hue, 0.35, 0.95))
    draw = ImageDraw.Draw(picture)
    side = min(size)
    left, top = (size[0] - side) // 2, (size[1] - side) // 2
    for ring in range(12):
        inset = side * ring // 26
        box = (left + inset, top + inset, left + side - inset - 1, top + side - inset - 1)
        draw.ellipse(box, fill=rgb(hue + ring / 24, 0.8, 0.4 + ring / 24))
    return picture


def rgb(hue: float, saturation: float, value: float) -> tuple[int, int, int]:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)


def halves(size: tuple[int, int] = (400, 400), orientation: int | None = None) -> bytes:
    """JPEG: red above, blue below, with an EXIF orientation that says how to hold it."""
    picture = Image.new("RGB", size, (0, 0, 255))
    picture.paste((255, 0, 0), (0, 0, size[0], size[1] // 2))
    exif = Image.Exif()
    if orientation:
        exif[EXIF_ORIENTATION] = orientation
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90, exif=exif)
    return out.getvalue()


def transparent(size: tuple[int, int] = (200, 200)) -> bytes:
    """PNG: nothing but a transparent black."""
    out = io.BytesIO()
    Image.new("RGBA", size, (0, 0, 0, 0)).save(out, "PNG")
    return out.getvalue()


def bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """PNG of a few kilobytes that claims 900 megapixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width + 1) * 64), 9)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    )


def broken() -> bytes:
    """JPEG that ends in the middle."""
    whole = cover()
    return whole[: len(whole) // 2]
