"""Genres: one spelling for what people spell in many ways."""

import re

from mutagen.id3 import TCON

from djamms.genres import usual_name

# By number, as ID3v1 and MP4 write them.
ID3_GENRES: list[str] = TCON.GENRES


def normalise_genre(value: str) -> str:
    """'hip-hop' → 'Hip Hop', 'ROCK' → 'Rock'; an unknown one with both cases is left alone."""
    if value.isascii() and (known := usual_name(value)):
        return known
    if value.islower() or (value.isupper() and len(value) > 3):
        return re.sub("(?<![\\w'\u2019])\\w", lambda match: match[0].upper(), value.lower())
    return value
