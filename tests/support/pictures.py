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


def animated(kind: str) -> bytes:
    """GIF or WebP: red, then blue."""
    out = io.BytesIO()
    first, second = (Image.new("RGB", (60, 60), colour) for colour in ("red", "blue"))
    first.save(out, kind, save_all=True, append_images=[second], duration=100)
    return out.getvalue()


def sixteen_bits(size: int = 32) -> bytes:
    """PNG: blue, each colour in two bytes."""
    row = b"\0" + struct.pack(">HHH", 0, 0, 0xFFFF) * size
    return png(size, size, row * size, depth=16, colours=2)


def png(width: int, height: int, rows: bytes, *, depth: int = 8, colours: int = 0) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )


def bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """PNG of a few kilobytes that claims 900 megapixels."""
    return png(width, height, bytes((width + 1) * 64))


def webp_bomb() -> bytes:
    """WebP (extended, animated) of some bytes whose canvas has 268 megapixels."""
    size = (16_383 - 1).to_bytes(3, "little")
    body = b"VP8X" + struct.pack("<I", 10) + b"\x02\0\0\0" + size + size
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def scan_bomb() -> bytes:
    """JPEG: the last scan of a progressive picture a thousand times over."""
    out = io.BytesIO()
    draw_cover((200, 200), 0.1).save(out, "JPEG", progressive=True)
    whole = out.getvalue()
    return whole[:-2] + whole[whole.rindex(b"\xff\xda") : -2] * 1000 + whole[-2:]


def broken() -> bytes:
    """JPEG that ends in the middle."""
    whole = cover()
    return whole[: len(whole) // 2]
