"""A picture for what has none: colours and initials that belong to an album, drawn here.

The same artist and album always give the same bytes, so a record looks like one in every list.
"""

import unicodedata
from functools import cache, lru_cache
from hashlib import sha256

from PIL import Image, ImageDraw, ImageFont

from djamms.media.artwork import Thumbnails, sizes_of
from djamms.storage.keys import ArtworkSize

# Drawings kept by a process: an import brings the tracks of an album one after the other.
KEPT = 64
INK = (255, 255, 255)
SIDE = ArtworkSize.LARGE.pixels
LETTER_PIXELS = SIDE * 2 // 5
# Four corners of one colour family: 360 degrees of hue, dark enough for white letters.
CORNERS = ((0, 150, 150), (30, 170, 115), (330, 180, 105), (10, 190, 60))
LITTLE_WORDS = frozenset({"the", "a", "an", "and", "of", "de", "la", "le", "der", "die", "das"})


def placeholder(artist: str, album: str) -> Thumbnails:
    """JPEG of each size, for an album or, where there is none, a title."""
    seed = f"{artist.casefold()}\0{album.casefold()}"
    return _drawn(int.from_bytes(sha256(seed.encode()).digest()[:4]), initials(album))


@lru_cache(maxsize=KEPT)
def _drawn(seed: int, letters: str) -> Thumbnails:
    picture = ground(seed % 256, seed >> 8)
    pen = ImageDraw.Draw(picture)
    if letters:
        middle = (SIDE // 2, SIDE // 2)
        pen.text(middle, letters, font=_font(), fill=INK, anchor="mm")
    else:
        record(pen)
    return sizes_of(picture)


def ground(hue: int, turn: int) -> Image.Image:
    """Four colours that run into each other; hue is a share of 256."""
    small = Image.new("HSV", (2, 2))
    places = ((0, 0), (1, 0), (0, 1), (1, 1))
    for place, corner in enumerate(CORNERS):
        degrees, saturation, value = corner
        colour = ((hue + degrees * 256 // 360) % 256, saturation, value)
        small.putpixel(places[(place + turn) % 4], colour)
    return small.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BICUBIC)


def record(pen: ImageDraw.ImageDraw) -> None:
    """A disc with its hole: for names that the letters at hand cannot write."""
    middle = SIDE // 2
    for radius, width in ((200, 6), (150, 3), (110, 3), (70, 40)):
        box = (middle - radius, middle - radius, middle + radius, middle + radius)
        pen.ellipse(box, outline=INK, width=width)


def initials(name: str) -> str:
    """Up to two: 'Blue Train' → 'BT', 'Café' → 'CA', '1984' → '19', '東京' → ''."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = ["".join(filter(str.isalnum, word)) for word in plain.split()]
    words = [word for word in words if word]
    if not words or sum(map(len, words)) * 2 < sum(map(str.isalnum, name)):
        return ""
    telling = [word for word in words if word.lower() not in LITTLE_WORDS] or words
    return (telling[0][0] + telling[1][0] if len(telling) > 1 else telling[0][:2]).upper()


@cache
def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(LETTER_PIXELS)
