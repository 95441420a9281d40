"""Vorbis comments: FLAC's tags, and Ogg's."""

from collections.abc import Iterable

from djamms.media.tags import Field, Found

COMMENTS = {
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
}


def collect(comments: Iterable[tuple[str, str]] | None) -> Found:
    """From (name, value) pairs; the same name may come many times, in any case."""
    found = Found()
    for name, value in comments or ():
        key = name.lower()
        if key == "metadata_block_picture":
            continue
        found.raw.setdefault(key, []).append(value)
    # In the order of COMMENTS, so that `date` comes before `year`.
    for key, field in COMMENTS.items():
        found.add(field, found.raw.get(key, ()))
    return found
