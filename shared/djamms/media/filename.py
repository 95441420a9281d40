"""Title and artist from a file's name, for files without tags."""

import re
from typing import NamedTuple

from djamms.media.text import clean

EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}$")
# A place on a record: '1-03 ', '01 - ', '07. ', '05 '. No place: '99 Luftballons', '7-Eleven'.
TRACK_NUMBER = re.compile(r"^(?:\d-[0-3]\d[\s.-]+|\d{1,3}\s+-\s+|\d{1,3}[.)]\s+|0\d[\s.-]+)(?=\S)")
SEPARATOR = re.compile("\\s+[-\u2013\u2014]\\s+")
UNTITLED = "Untitled"


class Guess(NamedTuple):
    title: str
    artist: str


def guess_from_filename(filename: str, known_artist: str | None = None) -> Guess:
    """'01 - Artist - Title.mp3' → ('Title', 'Artist'); 'Title.mp3' → ('Title', '').

    A known artist is only taken off the front of the title, never overruled.
    """
    stem = EXTENSION.sub("", re.split(r"[/\\]", filename)[-1])
    if " " not in stem:
        stem = stem.replace("_", " ")
    stem = clean(stem)
    stem = TRACK_NUMBER.sub("", stem) or stem
    parts = SEPARATOR.split(stem, maxsplit=1)
    if len(parts) == 1:
        return Guess(stem or UNTITLED, "")
    artist, title = parts
    if known_artist and artist.casefold() != known_artist.casefold():
        return Guess(stem, "")
    return Guess(title or UNTITLED, artist)
