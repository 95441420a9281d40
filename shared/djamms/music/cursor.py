"""Cursors: where a page of tracks ended, in a form that clients only hand back."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

from djamms.errors import BadRequest
from djamms.music.criteria import TrackFilter
from djamms.music.list_repository import Place
from djamms.music.sorting import Sort, SortField

TEXT_FIELDS = frozenset({SortField.TITLE, SortField.ARTIST, SortField.ALBUM, SortField.GENRE})
TIME_FIELDS = frozenset({SortField.ADDED, SortField.UPDATED})


def write_cursor(sort: Sort, criteria: TrackFilter, place: Place) -> str:
    value = place.value.isoformat() if isinstance(place.value, datetime) else place.value
    place_words = [sort.field, sort.descending, value, place.track_id.hex, mark(criteria)]
    text = json.dumps(place_words, ensure_ascii=False)  # a third of the length for many scripts
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str, sort: Sort, criteria: TrackFilter) -> Place:
    """Raises BadRequest for a cursor that was made up, or belongs to another order or filter."""
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        field, descending, value, track_id, marked = json.loads(text)
        place = Place(_value(sort.field, value), UUID(hex=track_id))
    except (ValueError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        raise BadRequest("The cursor is not one that this list gave out.") from error
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
