"""File names as the server and a terminal can take them, and what a name says of the content."""

import os
import re
from pathlib import Path

# Linux keeps names as bytes: what is no UTF-8 is most often Windows' Western encoding.
FALLBACK_ENCODING = "cp1252"
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
MAX_NAME = 255
CONTENT_TYPES = {
    ".mp3": "audio/mpeg",
    ".mp2": "audio/mpeg",
    ".flac": "audio/flac",
    ".wav": "audio/wav",
    ".aif": "audio/aiff",
    ".aiff": "audio/aiff",
    ".m4a": "audio/mp4",
    ".m4b": "audio/mp4",
    ".mp4": "audio/mp4",
    ".aac": "audio/aac",
    ".ogg": "audio/ogg",
    ".oga": "audio/ogg",
    ".opus": "audio/ogg",
    ".wma": "audio/x-ms-wma",
    ".ape": "audio/x-ape",
    ".wv": "audio/x-wavpack",
}
UNKNOWN_TYPE = "application/octet-stream"


def looks_like_audio(path: Path) -> bool:
    return path.suffix.lower() in CONTENT_TYPES


def content_type(path: Path) -> str:
    return CONTENT_TYPES.get(path.suffix.lower(), UNKNOWN_TYPE)


def text_of(path: Path | str) -> str:
    """The path as valid text on one line, whatever its bytes are."""
    raw = os.fsencode(path)
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode(FALLBACK_ENCODING, "replace")
    return CONTROL.sub(" ", text)


def upload_name(path: Path) -> str:
    """The file's name as the API takes it: 1 to 255 characters, the extension kept."""
    name = text_of(path.name).strip()
    if len(name) <= MAX_NAME:
        return name or "untitled"
    suffix = text_of(path.suffix)[:16]
    return name[: MAX_NAME - len(suffix)] + suffix
