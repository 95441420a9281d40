"""Genres: one spelling for what people spell in many ways."""

import re

from mutagen.id3 import TCON

# By number, as ID3v1 and MP4 write them.
ID3_GENRES: list[str] = TCON.GENRES
# Folded spelling → the usual one; whatever is not here keeps its own words.
SPELLINGS = {
    re.sub(r"[^a-z0-9]", "", alias): name
    for name, aliases in {
        "R&B": ("r&b", "rnb", "randb", "rhythmandblues"),
        "Hip Hop": ("hiphop",),
        "Drum & Bass": ("drumbass", "drumandbass", "drumnbass", "dnb"),
        "Rock & Roll": ("rockroll", "rockandroll", "rocknroll"),
        "Lo-Fi": ("lofi",),
        "K-Pop": ("kpop",),
        "J-Pop": ("jpop",),
        "EDM": ("edm",),
        "IDM": ("idm",),
        "UK Garage": ("ukgarage",),
        "Synthpop": ("synthpop",),
        "Nu Metal": ("numetal",),
        "Post-Rock": ("postrock",),
        "Post-Punk": ("postpunk",),
        "Singer-Songwriter": ("singersongwriter",),
    }.items()
    for alias in aliases
}


def normalise_genre(value: str) -> str:
    """'hip-hop' → 'Hip Hop', 'ROCK' → 'Rock'; a spelling with both cases is left alone."""
    folded = re.sub(r"[^a-z0-9]", "", value.casefold())
    if folded in SPELLINGS and value.isascii():
        return SPELLINGS[folded]
    if value.islower() or (value.isupper() and len(value) > 3):
        return re.sub("(?<![\\w'\u2019])\\w", lambda match: match[0].upper(), value.lower())
    return value
