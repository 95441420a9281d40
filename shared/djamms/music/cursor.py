"""Cursors: where a page of tracks ended, in a form that clients only hand back."""

from datetime import datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

from djamms.db.cursors import decode_cursor, encode_cursor, refusing_made_up
from djamms.errors import BadRequest
from djamms.music.criteria import TrackFilter
from djamms.music.list_repository import Place
from djamms.music.sorting import Sort, SortField

TEXT_FIELDS = frozenset({SortField.TITLE, SortField.ARTIST, SortField.ALBUM, SortField.GENRE})
TIME_FIELDS = frozenset({SortField.ADDED, SortField.UPDATED})


def write_cursor(sort: Sort, criteria: TrackFilter, place: Place) -> str:
    value = place.value.isoformat() if isinstance(place.value, datetime) else place.value
    return encode_cursor([sort.field, sort.descending, value, place.track_id.hex, mark(criteria)])


def read_cursor(cursor: str, sort: Sort, criteria: TrackFilter) -> Place:
    """Raises BadRequest for a cursor that was made up, or belongs to another order or filter."""
    with refusing_made_up():
        field, descending, value, track_id, marked = decode_cursor(cursor)
        place = Place(_value(sort.field, value), UUID(hex=track_id))
    if (field, descending) != sort:
        raise BadRequest("The cursor belongs to another order: start again without it.")
    if marked != mark(criteria):
        raise BadRequest("The cursor belongs to other filters: start again without it.")
    return place


def mark(criteria: object) -> str:
    """Tells filters apart."""
    return blake2b(repr(criteria).encode(), digest_size=6).hexdigest()


def _value(field: SortField, value: Any) -> Any:
    if field in TIME_FIELDS:
        return datetime.fromisoformat(value)
    return str(value) if field in TEXT_FIELDS else int(value)
