"""Rows of tracks out of one JSON value: the driver reads that ten times faster than columns."""

from collections import namedtuple
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow
from djamms.music.repository import TRACK_COLUMNS
from djamms.security.principal import Principal

# Those of the tracks that can be seen, in the order asked for.
TRACKS = """
SELECT json_agg(json_build_array({columns}) ORDER BY asked.place)
FROM unnest(CAST(:ids AS uuid[])) WITH ORDINALITY AS asked (id, place)
JOIN tracks ON tracks.id = asked.id
WHERE {shown}
"""


def hydrate(database: Database, *, viewer: Principal, ids: Sequence[str]) -> list[AnyRow]:
    if not ids:
        return []
    found = database.scalar(_tracks(only_public=viewer.is_guest), {"ids": list(ids)})
    return [read_row(values) for values in found or ()]


def columns() -> str:
    """As `read_row` reads them."""
    found = (attribute.property.columns[0] for attribute in TRACK_COLUMNS)
    return ", ".join(f"tracks.{column.name}" for column in found)


@cache
def _tracks(*, only_public: bool) -> TextClause:
    shown = "tracks.is_active AND tracks.is_public" if only_public else "tracks.is_active"
    return text(TRACKS.format(columns=columns(), shown=shown))


_NAMES = [attribute.key for attribute in TRACK_COLUMNS]
TrackRow = namedtuple("TrackRow", _NAMES)  # type: ignore[misc]
# JSON has neither ids nor times.
_READERS: dict[str, Callable[[str], Any]] = {
    "id": UUID,
    "created_at": datetime.fromisoformat,
    "updated_at": datetime.fromisoformat,
}
_PLACES = [(_NAMES.index(name), read) for name, read in _READERS.items()]


def read_row(values: list[Any]) -> AnyRow:
    for place, read in _PLACES:
        values[place] = read(values[place])
    return cast(AnyRow, TrackRow._make(values))
