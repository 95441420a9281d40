import io
from time import process_time

import pytest
from PIL import Image, ImageStat

from djamms.media import placeholder as drawing
from djamms.media.placeholder import initials, placeholder
from djamms.storage.keys import ArtworkSize


def picture(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("album", ["Blue Train", "東京"], ids=["letters", "a record"])
def test_draws_three_sizes(album: str) -> None:
    made = placeholder("John Coltrane", album)

    for size in ArtworkSize:
        found = picture(made[size])
        assert (found.format, found.mode) == ("JPEG", "RGB")
        assert found.size == (size.pixels, size.pixels)
    assert sum(map(len, made.values())) < 60_000


@pytest.mark.parametrize("album", ["Blue Train", "東京"], ids=["letters", "a record"])
@pytest.mark.parametrize("artist", [str(number) for number in range(12)])
def test_is_legible_on_every_ground(artist: str, album: str) -> None:
    """White ink is there, and the ground around it is dark enough: 3 to 1 (WCAG for large text)."""
    grey = picture(placeholder(artist, album)[ArtworkSize.LARGE]).convert("L")

    ink = sum(grey.histogram()[240:])
    ground = ImageStat.Stat(grey.crop((0, 0, 600, 90))).mean[0]

    assert ink > 5000
    assert ground < 140


def test_an_album_looks_like_one_for_ever() -> None:
    first = placeholder("John Coltrane", "Blue Train")
    drawing._drawn.cache_clear()

    assert placeholder("JOHN COLTRANE", "blue train") == first
    assert placeholder("John Coltrane", "Giant Steps") != first
    assert placeholder("Somebody Else", "Blue Train") != first


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Blue Train", "BT"),
        ("The Dark Side of the Moon", "DS"),
        ("The The", "TT"),
        ("Café", "CA"),
        ("Ágætis byrjun", "AB"),
        ("1984", "19"),
        ("(What's the Story)", "WS"),
        ("…", ""),
        ("", ""),
        ("東京事変", ""),
        ("Сплин", ""),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_is_cheap() -> None:
    placeholder("warm", "up")
    began = process_time()
    for number in range(10):
        placeholder("artist", f"Album {number}")

    assert process_time() - began < 10 * 0.05
