"""What a list is asked for, as conditions on tracks."""

import re

from sqlalchemy import ARRAY, ColumnElement, SQLColumnExpression, Text, and_, func, literal, or_
from sqlalchemy import literal_column as constant

from djamms.models.track import Track
from djamms.music.criteria import Bounds, TrackFilter
from djamms.music.repository import visible_to
from djamms.security.principal import Principal

# Constants, not parameters: only so does PostgreSQL know the expression of an index again.
ALBUM = func.coalesce(Track.album, constant("''"))
ALBUM_ARTIST = func.coalesce(Track.album_artist, Track.artist)
MOST_WORDS = 8


def conditions(principal: Principal, criteria: TrackFilter) -> list[ColumnElement[bool]]:
    return [
        visible_to(principal),
        *_parts(criteria),
        *_whole(criteria),
        *_flags(principal, criteria),
        *_ranges(criteria),
    ]


def _parts(criteria: TrackFilter) -> list[ColumnElement[bool]]:
    parts = (
        (Track.title, criteria.title),
        (Track.artist, criteria.artist),
        (Track.album, criteria.album),
        (ALBUM_ARTIST, criteria.album_artist),
        (Track.composer, criteria.composer),
        (Track.label, criteria.label),
    )
    found = [holds(column, part) for column, part in parts if part]
    for word in (criteria.q or "").split()[:MOST_WORDS]:
        anywhere = (holds(column, word) for column in (Track.title, Track.artist, Track.album))
        found.append(or_(*anywhere))
    return found


def _whole(criteria: TrackFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if criteria.genre:
        found.append(includes(Track.genre_keys, literal(criteria.genre)))
    found += [_tagged(literal(key)) for key in criteria.tags]
    if criteria.artist_is:
        found.append(includes(Track.artist_keys, func.folded(criteria.artist_is)))
    names: tuple[tuple[SQLColumnExpression[str], str | None], ...] = (
        (ALBUM, criteria.album_is),
        (ALBUM_ARTIST, criteria.album_artist_is),
    )
    found += [func.folded(name) == func.folded(whole) for name, whole in names if whole]
    exact = (
        (Track.isrc, criteria.isrc and criteria.isrc.upper()),
        (func.lower(Track.musical_key), criteria.key and criteria.key.lower()),
        (Track.source, criteria.source and criteria.source.lower()),
    )
    return found + [column == word for column, word in exact if word]


def _tagged(key: SQLColumnExpression[str]) -> ColumnElement[bool]:
    own = includes(func.genre_keys(Track.tags), key)
    return or_(includes(Track.genre_keys, key), and_(Track.tags != constant("'{}'"), own))


def _flags(principal: Principal, criteria: TrackFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if criteria.explicit is not None:
        found.append(Track.explicit.is_(criteria.explicit))
    if criteria.is_public is not None:
        found.append(Track.is_public.is_(criteria.is_public))
    if criteria.uploaded_by is not None:
        # Whose upload something is, is no business of guests.
        known = not principal.is_guest
        found.append(and_(Track.uploaded_by == criteria.uploaded_by, literal(known)))
    return found


def _ranges(criteria: TrackFilter) -> list[ColumnElement[bool]]:
    ranges: tuple[tuple[SQLColumnExpression[int | None], Bounds | None], ...] = (
        (Track.year, criteria.year),
        (Track.duration_seconds, criteria.duration_seconds),
        (Track.bitrate_kbps, criteria.bitrate_kbps),
        (Track.popularity, criteria.popularity),
        (func.round(Track.bpm), criteria.bpm),
    )
    return [within(column, bounds) for column, bounds in ranges if bounds]


def includes(
    keys: SQLColumnExpression[list[str]], key: SQLColumnExpression[str]
) -> ColumnElement[bool]:
    return keys.op("@>", is_comparison=True)(func.array_append(literal([], ARRAY(Text)), key))


def holds(column: SQLColumnExpression[str | None], part: str) -> ColumnElement[bool]:
    """Whether the words are in it, in any case, with or without accents."""
    return has_folded(func.folded(column), part)


def has_folded(folded: SQLColumnExpression[str], part: str) -> ColumnElement[bool]:
    escaped = re.sub(r"([\\%_])", r"\\\1", part)
    return folded.like(func.concat("%", func.folded(escaped), "%"))


def within(column: SQLColumnExpression[int | None], bounds: Bounds) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = []
    if bounds.lowest is not None:
        parts.append(column >= bounds.lowest)
    if bounds.highest is not None:
        parts.append(column <= bounds.highest)
    return and_(*parts)
