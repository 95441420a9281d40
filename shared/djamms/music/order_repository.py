"""The orders of lists. What is not known comes last, in both directions."""

from typing import Any

from sqlalchemy import Integer, SQLColumnExpression, case, cast, func
from sqlalchemy import literal_column as constant

from djamms.models.track import Track
from djamms.music.filter_repository import ALBUM
from djamms.music.sorting import Sort, SortField

Expression = SQLColumnExpression[Any]

# Of these each is the expression of an index; `id` follows as the last key of every order.
INDEXED: dict[SortField, Expression] = {
    SortField.ADDED: Track.created_at,
    SortField.TITLE: func.folded(Track.title),
    SortField.ARTIST: func.folded(Track.artist),
    SortField.ALBUM: func.folded(ALBUM),
    SortField.DURATION: Track.duration_seconds,
    SortField.POPULARITY: Track.popularity,
    SortField.PLAYS: Track.play_count,
}
UNINDEXED: dict[SortField, Expression] = {
    SortField.UPDATED: Track.updated_at,
    SortField.TRACK: cast(func.coalesce(Track.disc_number, 1), Integer) * 100_000
    + func.coalesce(cast(Track.track_number, Integer), 99_999),
}
# Numbers that may be unknown: the value that stands for it when the order ascends.
NULLABLE: dict[SortField, tuple[Expression, int]] = {
    SortField.YEAR: (Track.year, 9999),
    SortField.BITRATE: (Track.bitrate_kbps, 2**31 - 1),
    SortField.FILE_SIZE: (Track.size_bytes, 2**62),
    SortField.RATING: (Track.rating, 99),
    # Whole thousandths: a cursor holds no exact `real`.
    SortField.BPM: (cast(Track.bpm * 1000, Integer), 2**31 - 1),
    SortField.TRACK_NUMBER: (Track.track_number, 2**15 - 1),
}
# Descending, it stands below every value; only a rating can be 0.
UNKNOWN: Expression = constant("0")
UNRATED: Expression = constant("-1")


def order_key(sort: Sort) -> Expression:
    if sort.field == SortField.GENRE:
        known = func.concat("1", func.folded(Track.genre))
        return case((Track.genre.is_(None), "0" if sort.descending else "2"), else_=known)
    if sort.field not in NULLABLE:
        return (INDEXED | UNINDEXED)[sort.field]
    column, above = NULLABLE[sort.field]
    below = UNRATED if sort.field == SortField.RATING else UNKNOWN
    return func.coalesce(column, below if sort.descending else constant(str(above)))


def order_by(sort: Sort) -> tuple[Expression, ...]:
    order: tuple[Expression, ...] = (order_key(sort), Track.id)
    return tuple(column.desc() for column in order) if sort.descending else order
