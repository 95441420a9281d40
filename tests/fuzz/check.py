"""The whole way of a file, from its bytes to a row and three pictures, and what must hold there."""

import json
import math
from datetime import UTC, datetime
from time import process_time
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import REAL, BigInteger, Integer, SmallInteger, String

from djamms.media.probe import probe
from djamms.media.problems import MediaError
from djamms.media.ranged import RangedReader, ReadBudget
from djamms.models.track import Track, Upload
from djamms.music.ingest_artwork import StoredArtwork, artwork_of
from djamms.music.ingest_track import build_track
from djamms.storage.keys import ArtworkSize, artwork_key, audio_key
from tests.support.ranges import HeadSource

TRACK_ID, USER_ID = UUID(int=1), UUID(int=2)
INTEGERS = ((SmallInteger, 15), (BigInteger, 63), (Integer, 31))
MAX_METADATA_BYTES = 1024 * 1024
MAX_PICTURE_BYTES = 400_000
MAX_KEY_BYTES = 1024
BUDGET = ReadBudget()
# What one file may take of this slow Python: a hundred times the usual.
MAX_CPU_SECONDS = 6.0


class Reading(NamedTuple):
    """How a file ended: a track, or a failure's code."""

    track: Track | None
    code: str | None
    cpu_seconds: float
    requests: int
    bytes_read: int


class Broken(AssertionError):
    """Something that must hold does not."""


def read(data: bytes) -> Reading:
    """Raises Broken, or whatever the code under test lets out."""
    source, began = HeadSource(data), process_time()
    reader = RangedReader(source)
    track = code = None
    try:
        track = track_of(reader, len(data))
    except MediaError as error:
        code = error.problem.value
        require(bool(error.message), "a failure without a sentence")
    spent = process_time() - began
    require(spent <= MAX_CPU_SECONDS, f"{spent:.1f} s of CPU")
    require(reader.bytes_read <= BUDGET.max_bytes, f"{reader.bytes_read} bytes read")
    require(reader.requests <= BUDGET.max_requests, f"{reader.requests} requests")
    return Reading(track, code, spent, source.requests, source.bytes_read)


def track_of(reader: RangedReader, size: int) -> Track:
    probed = probe(reader, filename="01 - Ada - Sky.bin")
    pictures, source, warnings = artwork_of(probed)
    for body in pictures.values():
        require(body.startswith(b"\xff\xd8") and len(body) < MAX_PICTURE_BYTES, "a bad thumbnail")
    require(set(pictures) == set(ArtworkSize), "a size is missing")
    key = audio_key(
        TRACK_ID,
        uploaded_at=datetime(2026, 1, 1, tzinfo=UTC),
        artist=probed.tags.album_artist or probed.tags.artist,
        album=probed.tags.album,
        extension=probed.stream.format.value,
    )
    require(len(key.encode()) <= MAX_KEY_BYTES, "a long key")
    thumbnail = artwork_key(TRACK_ID, ArtworkSize.SMALL)
    track = build_track(
        Upload(id=TRACK_ID, uploaded_by=USER_ID, is_public=True),
        probed,
        object_key=key,
        size_bytes=size,
        artwork=StoredArtwork(thumbnail, source, warnings),
    )
    check_row(track)
    return track


def check_row(track: Track) -> None:
    """Every column takes its value."""
    require(track.duration_seconds > 0, "no duration")
    require(bool(track.title) and bool(track.artist), "no name")
    for attribute in Track.__mapper__.column_attrs:
        column: Any = attribute.columns[0]
        value = getattr(track, attribute.key)
        if value is None:
            has_default = column.default or column.server_default or column.computed
            require(column.nullable or has_default, f"{column.name} is missing")
        elif isinstance(value, str):
            check_text(value, column)
        elif isinstance(value, float):
            require(
                isinstance(column.type, REAL) and math.isfinite(value), f"{column.name} {value}"
            )
        elif isinstance(value, int) and not isinstance(value, bool):
            bits = next(bits for kind, bits in INTEGERS if isinstance(column.type, kind))
            require(-(1 << bits) <= value < 1 << bits, f"{column.name} is {value}")
    check_metadata(track.raw_metadata)


def check_text(value: str, column: Any) -> None:
    require("\0" not in value, f"NUL in {column.name}")
    value.encode()
    limit = column.type.length if isinstance(column.type, String) else None
    require(limit is None or len(value) <= limit, f"{column.name}: {len(value)} characters")


def check_metadata(metadata: dict[str, Any]) -> None:
    text = json.dumps(metadata, ensure_ascii=False, allow_nan=False)
    require("\\u0000" not in text and "\0" not in text, "NUL in metadata")
    require(len(text.encode()) <= MAX_METADATA_BYTES, f"{len(text)} characters of metadata")


def require(holds: object, otherwise: str) -> None:
    if not holds:
        raise Broken(otherwise)
