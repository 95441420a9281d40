import pytest

from djamms.media.charset import repair
from djamms.media.filename import guess_from_filename
from djamms.media.genres import normalise_genre
from djamms.media.text import clean, cut


@pytest.mark.parametrize(
    ("dirty", "tidy"),
    [
        ("  two \t words\r\n", "two words"),
        ("nul\0 byte", "nul byte"),
        ("evil\u202egnp", "evil gnp"),
        ("half\ud800", "half"),
        ("Cafe\u0301", "Caf\u00e9"),
        ("\ufeffBOM", "BOM"),
        ("👩‍👩‍👧 family", "👩‍👩‍👧 family"),
        ("\0\x01", ""),
        ("\u200b \u200d", ""),
    ],
)
def test_cleans(dirty: str, tidy: str) -> None:
    assert clean(dirty) == tidy


@pytest.mark.parametrize("text", ["Björk", "Сплин", "東京事変", "Motörhead “Ace”", "naïve café"])
def test_repairs_utf8_read_twice(text: str) -> None:
    assert repair(text.encode().decode("latin-1")) == text


@pytest.mark.parametrize(
    "text", ["Björk", "Ã", "São Paulo", "Ñandú", "Ærø", "€uro", "Сплин", "plain"]
)
def test_leaves_clean_text_alone(text: str) -> None:
    assert repair(text) == text


def test_cut_shows_that_it_cut() -> None:
    assert cut("x" * 300, 255) == "x" * 254 + "…"
    assert cut("short", 255) == "short"


@pytest.mark.parametrize(
    ("filename", "title", "artist"),
    [
        ("Blue Train.mp3", "Blue Train", ""),
        ("John Coltrane - Blue Train.mp3", "Blue Train", "John Coltrane"),
        ("01 - John Coltrane - Blue Train.flac", "Blue Train", "John Coltrane"),
        ("07. Blue Train.mp3", "Blue Train", ""),
        ("1-03 Blue Train.mp3", "Blue Train", ""),
        ("blue_train.mp3", "blue train", ""),
        ("05 Blue Train.mp3", "Blue Train", ""),
        ("7-Eleven.mp3", "7-Eleven", ""),
        ("99 Luftballons.mp3", "99 Luftballons", ""),
        ("1979.mp3", "1979", ""),
        ("../../etc/passwd", "passwd", ""),
        ("C:\\Music\\Sky.mp3", "Sky", ""),
        ("Mr. Blue Sky", "Mr. Blue Sky", ""),
        (".mp3", "Untitled", ""),
        ("", "Untitled", ""),
        ("A - B - C.mp3", "B - C", "A"),
    ],
)
def test_guesses_from_the_file_name(filename: str, title: str, artist: str) -> None:
    assert guess_from_filename(filename) == (title, artist)


def test_a_known_artist_is_not_overruled() -> None:
    assert guess_from_filename("ada - Sky.mp3", "Ada").title == "Sky"
    assert guess_from_filename("Live - Sky.mp3", "Ada").title == "Live - Sky"


@pytest.mark.parametrize(
    ("spelt", "usual"),
    [
        ("rock", "Rock"),
        ("ROCK", "Rock"),
        ("Hip-Hop", "Hip Hop"),
        ("hiphop", "Hip Hop"),
        ("rnb", "R&B"),
        ("drum'n'bass", "Drum & Bass"),
        ("EDM", "EDM"),
        ("EBM", "EBM"),
        ("deep house", "Deep House"),
        ("Chanson française", "Chanson française"),
    ],
)
def test_genres_have_one_spelling(spelt: str, usual: str) -> None:
    assert normalise_genre(spelt) == usual
