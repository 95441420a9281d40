"""Where things lie in the media bucket. A key is made once and stored; nothing recomputes it."""

import re
import unicodedata
from datetime import datetime
from enum import StrEnum
from uuid import UUID

UPLOADS = "uploads/"
AUDIO = "audio/"
# The first of all keys that come after those below it.
BEHIND_AUDIO = "audio0"
TRASH = "trash/"
UNKNOWN = "unknown"
# 100 bytes hold 33 characters of any script, and keep a key far below S3's 1,024 bytes.
MAX_FOLDER_BYTES = 100

# All but letters and digits of any script, and what no address escapes.
UNSAFE = re.compile(r"[^\w.-]+")
DOTS = re.compile(r"\.{2,}")


class ArtworkSize(StrEnum):
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"

    @property
    def pixels(self) -> int:
        return {"small": 150, "medium": 300, "large": 600}[self.value]

    @property
    def file_name(self) -> str:
        prefix = "thumbnail" if self is ArtworkSize.SMALL else self.value
        return f"{prefix}_{self.pixels}x{self.pixels}.jpg"


def upload_key(track_id: UUID) -> str:
    return f"{UPLOADS}{track_id}"


def track_id_of(key: str) -> UUID | None:
    """The id in `uploads/<track_id>`; None for any other key, however alike."""
    try:
        track_id = UUID(key.removeprefix(UPLOADS))
    except ValueError:
        return None
    # UUID() also takes capitals, braces and no hyphens: only our own spelling counts.
    return track_id if upload_key(track_id) == key else None


def audio_key(
    track_id: UUID, *, uploaded_at: datetime, artist: str, album: str | None, extension: str
) -> str:
    """`audio/2026/07/<artist>/<album>/<id>.mp3`: the id makes it unique, the rest is for people."""
    folders = f"{uploaded_at:%Y/%m}/{folder(artist)}/{folder(album or '')}"
    return f"{AUDIO}{folders}/{track_id}.{extension}"


def artwork_key(track_id: UUID, size: ArtworkSize) -> str:
    return f"images/tracks/{track_id}/{size.file_name}"


def trash_key(key: str) -> str:
    """Where a deleted object waits; a key that lies there already stays."""
    return key if key.startswith(TRASH) else f"{TRASH}{key}"


def restored_key(key: str) -> str:
    return key.removeprefix(TRASH)


def folder(name: str) -> str:
    """One safe step of a path: never empty, no dot first or last, bounded in bytes."""
    name = DOTS.sub(".", UNSAFE.sub("-", unicodedata.normalize("NFC", name)))
    name = name.encode(errors="ignore")[:MAX_FOLDER_BYTES].decode(errors="ignore")
    return name.strip(".-_") or UNKNOWN
