"""What people type when they mean something else: every slip still finds it, first."""

import pytest

from tests.functional.search.conftest import Library


@pytest.fixture
def songs(library: Library) -> Library:
    library.add("Halo", "Beyoncé")
    library.add("One More Time", "Daft Punk")
    library.add("Sweet Child o' Mine", "Guns N' Roses")
    library.add("Thunderstruck", "AC/DC")
    library.add("So What", "P!nk")
    library.add("Numb / Encore", "Linkin Park feat. Jay-Z")
    library.add("Enter Sandman", "Metallica")
    library.add("Yellow", "Coldplay")
    library.add("Bohemian Rhapsody", "Queen")
    library.add("Für Elise", "Ludwig van Beethoven")
    library.add("Praise You", "Band of Brothers", popularity=100)
    return library


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        # The first letter: another one, missing, one too many.
        ("peyonce", "Halo"),
        ("eyonce", "Halo"),
        ("bbeyonce", "Halo"),
        ("puns n roses", "Sweet Child o' Mine"),
        ("nohemian rhapsody", "Bohemian Rhapsody"),
        ("etallica", "Enter Sandman"),
        # Letters in each other's place.
        ("beyocne", "Halo"),
        ("ebyonce", "Halo"),
        ("metallcia", "Enter Sandman"),
        ("yelolw", "Yellow"),
        ("qeuen", "Bohemian Rhapsody"),
        ("dfat punk", "One More Time"),
        # Words in each other's place.
        ("punk daft", "One More Time"),
        ("rhapsody bohemian queen", "Bohemian Rhapsody"),
        ("time more one", "One More Time"),
        ("roses guns", "Sweet Child o' Mine"),
        # Accents.
        ("beyonce", "Halo"),
        ("fur elise", "Für Elise"),
        ("fuer elise", "Für Elise"),
        ("BÉYONCE", "Halo"),
        # Doubled letters, and those that should be.
        ("metalica", "Enter Sandman"),
        ("metallicca", "Enter Sandman"),
        ("beyoncee", "Halo"),
        ("colldplay", "Yellow"),
        ("yelow", "Yellow"),
        ("bethoven", "Für Elise"),
        # Spaces: none, or one too many.
        ("gunsnroses", "Sweet Child o' Mine"),
        ("daftpunk", "One More Time"),
        ("onemoretime", "One More Time"),
        ("linkinpark", "Numb / Encore"),
        ("cold play", "Yellow"),
        ("thunder struck", "Thunderstruck"),
        ("bohemianrhapsody queen", "Bohemian Rhapsody"),
        # Signs.
        ("AC/DC", "Thunderstruck"),
        ("ac dc", "Thunderstruck"),
        ("ac-dc", "Thunderstruck"),
        ("ACDC", "Thunderstruck"),
        ("acdc thunderstruck", "Thunderstruck"),
        ("thunderstruck ac/dc", "Thunderstruck"),
        ("P!nk", "So What"),
        ("p!nk", "So What"),
        ("pink", "So What"),
        ("guns and roses", "Sweet Child o' Mine"),
        ("guns & roses", "Sweet Child o' Mine"),
        ("guns n' roses", "Sweet Child o' Mine"),
        ("guns roses", "Sweet Child o' Mine"),
        # Guests.
        ("linkin park feat. jay-z", "Numb / Encore"),
        ("linkin park ft jay z", "Numb / Encore"),
        ("linkin park featuring jayz", "Numb / Encore"),
        ("linkin park with jay-z", "Numb / Encore"),
        ("jay z linkin park", "Numb / Encore"),
        ("numb feat jay-z", "Numb / Encore"),
        ("numb encore ft. jayz", "Numb / Encore"),
    ],
)
def test_finds_what_was_meant_first(songs: Library, typed: str, meant: str) -> None:
    assert [track.title for track in songs.search(typed).tracks][:1] == [meant]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("guns and roses", None),
        ("guns and rosse", "guns and roses"),
        ("daftpunk", "daft punk"),
        ("beyocne halo", "beyonce halo"),
        ("feat jay-z", None),
        ("peyonce", "beyonce"),
        ("qeuen coldplya", None),
        ("the queeen", "the queen"),
    ],
)
def test_a_correction_is_of_use(songs: Library, typed: str, meant: str | None) -> None:
    assert songs.search(typed).did_you_mean == meant


def test_what_a_correction_names_is_found(songs: Library) -> None:
    for typed in ("guns and rosse", "daftpunk", "beyocne halo", "peyonce", "the queeen"):
        found = songs.search(typed)
        assert found.did_you_mean
        corrected = songs.search(found.did_you_mean)
        assert corrected.total >= found.total > 0
        assert corrected.did_you_mean is None
