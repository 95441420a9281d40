"""Cursors: where a page of playlists or of entries ended; clients only hand them back."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from djamms.db.cursors import refusing_made_up

type ListPlace = tuple[datetime, UUID]
type EntryPlace = tuple[int, UUID]


def write_list_cursor(place: ListPlace) -> str:
    return f"{place[0].isoformat()}.{place[1].hex}"


def read_list_cursor(cursor: str) -> ListPlace:
    """Raises BadRequest for a cursor that was made up."""
    return _read(cursor, _instant)


def write_entry_cursor(place: EntryPlace) -> str:
    return f"{place[0]}.{place[1].hex}"


def read_entry_cursor(cursor: str) -> EntryPlace:
    """Raises BadRequest for a cursor that was made up."""
    return _read(cursor, int)


def _read[T](cursor: str, read: Callable[[str], T]) -> tuple[T, UUID]:
    value, _, row_id = cursor.rpartition(".")
    with refusing_made_up():
        return read(value), UUID(hex=row_id)


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("no time zone")
    return moment
