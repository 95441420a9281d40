"""ID3v1: the last 128 bytes of a file, in whatever code page its writer had."""

from djamms.media.charset import decode
from djamms.media.genres import ID3_GENRES
from djamms.media.ranged import RangedReader
from djamms.media.tags import Field, Found

TAG_BYTES = 128
TEXTS = (
    ("title", Field.TITLE, 3, 33),
    ("artist", Field.ARTIST, 33, 63),
    ("album", Field.ALBUM, 63, 93),
    ("date", Field.DATE, 93, 97),
    ("comment", None, 97, 127),
)


def id3v1_start(reader: RangedReader) -> int:
    """Where the tag begins; the end of the file when there is none."""
    start = reader.size - TAG_BYTES
    return start if start >= 0 and reader.read_at(start, 3) == b"TAG" else reader.size


def read_id3v1(reader: RangedReader) -> Found:
    found, data = Found(), reader.read_at(id3v1_start(reader), TAG_BYTES)
    if len(data) < TAG_BYTES:
        return found
    for name, field, start, end in TEXTS:
        if value := decode(data[start:end].split(b"\0")[0].rstrip()):
            found.put(f"ID3v1:{name}", [value], field)
    if data[125] == 0 and data[126]:
        found.put("ID3v1:track", [str(data[126])], Field.TRACK)
    if data[127] < len(ID3_GENRES):
        found.put("ID3v1:genre", [ID3_GENRES[data[127]]], Field.GENRE)
    return found
