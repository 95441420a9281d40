"""JSON as this system writes it, by a version; and lists of objects with the usual names."""

import json
from typing import Any

from djamms.exchange.formats.encoding import decode
from djamms.exchange.formats.source import (
    MAX_DESCRIPTION,
    MAX_NAME,
    SourceList,
    SourceRow,
    make_row,
    seconds_of,
    text_of,
    unreadable,
)

FORMAT, VERSION = "djamms-playlist", 1


def read(data: bytes) -> SourceList:
    try:
        document: Any = json.loads(decode(data))
    except (ValueError, RecursionError) as error:
        unreadable(f"This is no JSON: {str(error)[:100]}")
    found = SourceList()
    if isinstance(document, dict):
        _check(document)
        found.name = text_of(document.get("name"), MAX_NAME)
        found.description = text_of(document.get("description"), MAX_DESCRIPTION)
        document = document.get("tracks")
    if not isinstance(document, list):
        unreadable("A playlist in JSON is an object with a list of `tracks`, or such a list.")
    for one in document:
        if isinstance(one, dict):
            found.add(_row(one))
        else:
            found.leave_out()
    return found


def _check(document: dict[str, Any]) -> None:
    version = document.get("version", VERSION)
    if document.get("format", FORMAT) == FORMAT and version != VERSION:
        unreadable(f"This version reads playlists of version {VERSION} only.")


def _row(said: dict[str, Any]) -> SourceRow:
    artist = said.get("artist") or said.get("artists") or ""
    if isinstance(artist, list):
        artist = ", ".join(text_of(name) for name in artist)
    return make_row(
        title=said.get("title") or said.get("name"),
        artist=artist,
        album=said.get("album"),
        seconds=seconds_of(said.get("duration")),
        isrc=said.get("isrc"),
        location=said.get("location"),
        track_id=said.get("trackId"),
    )


def described(row: SourceRow) -> dict[str, Any]:
    return {
        "title": row.title,
        "artist": row.artist,
        "album": row.album or None,
        "duration": row.seconds,
        "isrc": row.isrc,
        "trackId": str(row.track_id) if row.track_id else None,
        "location": None if row.track_id else row.location,
    }


def write(name: str, description: str, rows: list[SourceRow], _address: str) -> str:
    document = {
        "format": FORMAT,
        "version": VERSION,
        "name": name,
        "description": description or None,
        "tracks": [described(row) for row in rows],
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
