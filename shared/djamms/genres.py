"""The one table of genres: what a fresh installation offers, how ingest spells a tag, what a filter
means. Names that are not in it keep their own words."""

import re
import unicodedata
from collections.abc import Callable, Iterable

# Category → genre → other names than those that differ in case, spaces or signs only.
CATEGORIES: dict[str, dict[str, tuple[str, ...]]] = {
    "Electronic": {
        "Electronic": ("Electronica",),
        "House": (),
        "Deep House": (),
        "Techno": (),
        "Trance": (),
        "Drum & Bass": ("Drum Bass", "Drum n Bass", "DnB"),
        "Ambient": (),
        "Dance": (),
        "EDM": ("Electronic Dance Music",),
        "IDM": (),
        "Dubstep": (),
        "UK Garage": (),
        "Lo-Fi": (),
    },
    "Pop": {
        "Pop": (),
        "Synthpop": (),
        "Indie Pop": (),
        "Disco": (),
        "K-Pop": (),
        "J-Pop": (),
    },
    "Rock": {
        "Rock": (),
        "Alternative": (),
        "Indie Rock": (),
        "Punk": (),
        "Metal": (),
        "Nu Metal": (),
        "Post-Rock": (),
        "Post-Punk": (),
        "Rock & Roll": ("Rock n Roll", "Rock Roll"),
    },
    "Hip Hop & R&B": {
        "Hip Hop": (),
        "Rap": (),
        "R&B": ("RnB", "Rhythm and Blues"),
        "Soul": (),
        "Funk": (),
    },
    "Jazz & Blues": {"Jazz": (), "Blues": (), "Swing": (), "Bossa Nova": ()},
    "Latin & Caribbean": {
        "Latin": (),
        "Salsa": (),
        "Reggaeton": (),
        "Reggae": (),
        "Dancehall": (),
    },
    "Folk & Country": {"Folk": (), "Country": (), "Singer-Songwriter": (), "Acoustic": ()},
    "Classical & Stage": {"Classical": (), "Soundtrack": (), "Opera": ()},
    "World": {"Afrobeats": (), "Bollywood": (), "Celtic": (), "World": ("World Music",)},
}
# Letters that are no base letter with a mark; as the server's `unaccent` has them.
PLAIN = str.maketrans(
    {"ø": "o", "Ø": "O", "đ": "d", "ł": "l", "Ł": "L", "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe"}
    | {"\u0451": "\u0435", "\u0401": "\u0415", "\u0131": "i"}
)
ENCODED = "xn--"


def genre_key(name: str) -> str:
    """What all spellings of a genre share; the same as the database's function."""
    return "".join(one for one in _plain(name) if one.isalnum())


def _plain(name: str) -> str:
    """In lower case, without accents."""
    letters = name.translate(PLAIN).replace("&", "and")
    return "".join(map(_base, letters)).lower()


def _base(letter: str) -> str:
    """Marks fall off Latin letters only: elsewhere they make another letter."""
    parts = unicodedata.normalize("NFKD", letter)
    return parts if parts[:1].isascii() else letter


def distinct_by(key: Callable[[str], str], names: Iterable[str]) -> list[str]:
    """Each once, in the spelling that comes first."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(key(name), name)
    return list(found.values())


USUAL_NAMES = {
    genre_key(spelling): name
    for genres in CATEGORIES.values()
    for name, aliases in genres.items()
    for spelling in (name, *aliases)
}


def usual_name(name: str) -> str | None:
    """Of a known genre in any spelling."""
    return USUAL_NAMES.get(genre_key(name))


def wanted_key(word: str) -> str:
    """The key of the genre that a name, another name of it, or a slug stands for."""
    if word.startswith(ENCODED):
        try:
            return word.removeprefix(ENCODED).encode().decode("punycode")
        except UnicodeError:
            return genre_key(word)
    return genre_key(usual_name(word) or word)


def slug(name: str) -> str:
    """The name for addresses: letters, digits and hyphens of ASCII, and `wanted_key` reads it."""
    key = genre_key(name)
    if not key.isascii():
        return ENCODED + key.encode("punycode").decode()
    words = "".join(one for one in _plain(name) if one.isalnum() or one in " /_.-")
    return re.sub("[^a-z0-9]+", "-", words).strip("-")
