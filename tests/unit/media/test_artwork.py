import io

import pytest
from PIL import Image

from djamms.media import artwork
from djamms.media.artwork import ArtworkError, thumbnails
from djamms.storage.keys import ArtworkSize
from tests.support import pictures

RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)


def large(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(thumbnails(data)[ArtworkSize.LARGE]))


def assert_near(pixel: object, colour: tuple[int, int, int]) -> None:
    assert isinstance(pixel, tuple)
    assert max(abs(a - b) for a, b in zip(pixel, colour, strict=True)) < 40


@pytest.mark.parametrize(
    "data",
    [
        pictures.cover(),
        pictures.cover(size=(3000, 3000)),
        pictures.cover(size=(40, 40)),
        pictures.cover(size=(1200, 300)),
        pictures.cover(size=(300, 1200)),
        pictures.cover("PNG"),
        pictures.cover("PNG", mode="P"),
        pictures.cover("PNG", mode="L"),
        pictures.cover("PNG", mode="I;16"),
        pictures.cover("PNG", mode="1"),
        pictures.cover(mode="CMYK"),
        pictures.cover("WEBP"),
        pictures.cover("GIF"),
        pictures.cover("BMP"),
        pictures.transparent(),
        pictures.animated("GIF"),
        pictures.animated("WEBP"),
        pictures.sixteen_bits(),
        pictures.cover("PNG", mode="RGBA"),
        pictures.cover("PNG", mode="LA"),
        pictures.cover(mode="L"),
    ],
    ids=lambda data: f"{data[:4]!r} {len(data)}",
)
def test_any_picture_gives_three_square_jpegs(data: bytes) -> None:
    made = thumbnails(data)

    for size in ArtworkSize:
        picture = Image.open(io.BytesIO(made[size]))
        assert (picture.format, picture.mode) == ("JPEG", "RGB")
        assert picture.size == (size.pixels, size.pixels)
        assert picture.info["progressive"]


@pytest.mark.parametrize(
    ("orientation", "above", "below"), [(None, RED, BLUE), (pictures.UPSIDE_DOWN, BLUE, RED)]
)
def test_is_turned_upright(
    orientation: int | None, above: tuple[int, int, int], below: tuple[int, int, int]
) -> None:
    picture = large(pictures.halves(orientation=orientation))

    assert_near(picture.getpixel((300, 50)), above)
    assert_near(picture.getpixel((300, 550)), below)


def test_a_picture_on_its_side_is_turned() -> None:
    picture = large(pictures.halves(orientation=pictures.ON_ITS_SIDE))

    assert_near(picture.getpixel((50, 300)), BLUE)
    assert_near(picture.getpixel((550, 300)), RED)


def test_the_first_picture_of_an_animation_is_taken() -> None:
    for kind in ("GIF", "WEBP"):
        assert_near(large(pictures.animated(kind)).getpixel((300, 300)), RED)


def test_sixteen_bits_keep_their_colour() -> None:
    assert_near(large(pictures.sixteen_bits()).getpixel((300, 300)), BLUE)


def test_inks_become_colours() -> None:
    ink = Image.new("CMYK", (100, 100), (0, 255, 255, 0))
    out = io.BytesIO()
    ink.save(out, "JPEG")

    assert_near(large(out.getvalue()).getpixel((300, 300)), RED)


def test_a_cover_of_an_album_is_scaled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    data = pictures.cover(hue=0.123)
    first = thumbnails(data)

    monkeypatch.setattr(artwork, "scaled", lambda data: pytest.fail("scaled again"))

    assert thumbnails(data) == first


def test_only_the_last_covers_are_kept() -> None:
    for number in range(artwork.KEPT + 5):
        thumbnails(pictures.cover(size=(8 + number, 8)))

    assert len(artwork._kept) == artwork.KEPT


def test_transparency_becomes_white() -> None:
    assert_near(large(pictures.transparent()).getpixel((300, 300)), WHITE)


def test_the_middle_is_kept() -> None:
    wide = Image.new("RGB", (900, 300), BLUE)
    wide.paste(RED, (300, 0, 600, 300))
    out = io.BytesIO()
    wide.save(out, "PNG")

    picture = large(out.getvalue())

    assert_near(picture.getpixel((20, 300)), RED)
    assert_near(picture.getpixel((580, 300)), RED)


def test_the_metadata_of_the_picture_is_dropped() -> None:
    assert not large(pictures.halves(orientation=pictures.UPSIDE_DOWN)).getexif()


@pytest.mark.parametrize(
    "data",
    [
        pictures.bomb(),
        pictures.bomb(9000, 9000),
        pictures.broken(),
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        pictures.cover("TIFF"),
        pictures.scan_bomb(),
        pictures.webp_bomb(),
    ],
    ids=[
        *("bomb", "small bomb", "truncated", "empty", "svg", "postscript", "tiff"),
        *("scans", "webp bomb"),
    ],
)
def test_refuses_what_is_no_usable_picture(data: bytes) -> None:
    with pytest.raises(ArtworkError):
        thumbnails(data)
