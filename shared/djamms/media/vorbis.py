"""Vorbis comments: FLAC's tags, and Ogg's (https://www.xiph.org/vorbis/doc/v-comment.html)."""

import binascii
from base64 import b64decode
from collections.abc import Callable
from typing import Any

from mutagen.flac import Picture as FlacPicture

from djamms.media.charset import decode, start_of
from djamms.media.parsing import PARSER_ERRORS
from djamms.media.tags import Field, Found, Picture

# mutagen has no types.
parse_picture: Callable[[bytes], Any] = FlacPicture
MAX_COMMENTS = 2000
# Longer ones are pictures, or nothing that anyone reads.
MAX_TEXT_BYTES = 256 * 1024
FRONT_COVER = 3
FIELDS = {
    "title": Field.TITLE,
    "artist": Field.ARTIST,
    "album": Field.ALBUM,
    "albumartist": Field.ALBUM_ARTIST,
    "album artist": Field.ALBUM_ARTIST,
    "album_artist": Field.ALBUM_ARTIST,
    "genre": Field.GENRE,
    "date": Field.DATE,
    "year": Field.DATE,
    "originaldate": Field.DATE,
    "tracknumber": Field.TRACK,
    "track": Field.TRACK,
    "tracktotal": Field.TRACK_TOTAL,
    "totaltracks": Field.TRACK_TOTAL,
    "discnumber": Field.DISC,
    "disctotal": Field.DISC_TOTAL,
    "totaldiscs": Field.DISC_TOTAL,
    "isrc": Field.ISRC,
    "composer": Field.COMPOSER,
    "label": Field.LABEL,
    "organization": Field.LABEL,
    "publisher": Field.LABEL,
    "itunesadvisory": Field.ADVISORY,
    "explicit": Field.ADVISORY,
    "bpm": Field.BPM,
    "tempo": Field.BPM,
    "initialkey": Field.KEY,
    "key": Field.KEY,
    "mood": Field.MOOD,
}


def read_comments(data: bytes) -> Found:
    """From a comment packet behind its signature; what comes before any damage counts."""
    found = Found()
    at = 4 + int.from_bytes(data[:4], "little")
    count = int.from_bytes(data[at : at + 4], "little")
    at += 4
    for _ in range(min(count, MAX_COMMENTS)):
        start, at = at + 4, at + 4 + int.from_bytes(data[at : at + 4], "little")
        if start > len(data) or at > len(data):
            found.warn("tags_unreadable")
            break
        add(found, data[start:at])
    # In the order of FIELDS, so that `date` comes before `year`.
    for name, field in FIELDS.items():
        if name in found.raw:
            found.fields.setdefault(field, []).extend(found.raw[name])
    return found


def add(found: Found, comment: bytes) -> None:
    name, _, value = comment.partition(b"=")
    key = decode(name).lower()
    if key in ("metadata_block_picture", "coverart"):
        found.pictures += picture_of(key, value)
    else:
        found.put(key, [decode(start_of(value, MAX_TEXT_BYTES))])


def picture_of(key: str, value: bytes) -> list[Picture]:
    """At most one: a FLAC picture block or, of old, only the picture, in base 64."""
    try:
        data = b64decode(value)
    except (binascii.Error, ValueError):
        return []
    return [Picture(data, FRONT_COVER)] if key == "coverart" else flac_picture(data)


def flac_picture(block: bytes) -> list[Picture]:
    try:
        picture = parse_picture(block)
    except PARSER_ERRORS:
        return []
    return [Picture(picture.data, int(picture.type))]
