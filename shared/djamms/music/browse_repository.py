"""Genres, artists and albums, counted from the tracks that a caller can see."""

from collections.abc import Sequence

from sqlalchemy import func, literal_column, select, true, tuple_
from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow
from djamms.models.system import Category, Genre
from djamms.models.track import GenreCount, Track
from djamms.music.list_repository import ALBUM, holds
from djamms.music.repository import visible_to
from djamms.security.principal import Principal


def genre_counts(database: Database, *, principal: Principal) -> dict[str, int]:
    """Tracks by genre in lower case, from the kept counts."""
    shown = GenreCount.is_public if principal.is_guest else true()
    rows = database.execute(
        select(GenreCount.genre, func.sum(GenreCount.tracks).label("tracks"))
        .where(shown)
        .group_by(GenreCount.genre)
    )
    return {row.genre: int(row.tracks) for row in rows if row.tracks > 0}


def known_genres(database: Database) -> Sequence[AnyRow]:
    return database.execute(
        select(Genre.slug, Genre.name, Category.name.label("category"))
        .join(Category, Category.slug == Genre.category_slug)
        .order_by(Category.position, Genre.name)
    ).all()


def list_artists(
    database: Database, *, principal: Principal, q: str | None, after: str | None, limit: int
) -> Sequence[AnyRow]:
    """Artists by name from behind `after`: groups are formed along the index, and no further."""
    statement = (
        select(
            Track.artist.label("name"),
            func.count().label("tracks"),
            func.count(Track.album.distinct()).label("albums"),
        )
        .where(visible_to(principal))
        .group_by(Track.artist)
        .order_by(Track.artist)
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(Track.artist > after)
    if q:
        statement = statement.where(holds(Track.artist, q))
    return database.execute(statement).all()


def list_albums(
    database: Database,
    *,
    principal: Principal,
    artist: str | None,
    q: str | None,
    after: tuple[str, str] | None,
    limit: int,
) -> Sequence[AnyRow]:
    """Albums by name and artist from behind `after`."""
    name = ALBUM
    statement = (
        select(
            name.label("name"),
            Track.artist,
            func.max(Track.year).label("year"),
            func.count().label("tracks"),
            func.sum(Track.duration_seconds).label("seconds"),
            func.max(Track.thumbnail_key).label("thumbnail_key"),
        )
        .where(visible_to(principal), name > literal_column("''"))
        .group_by(name, Track.artist)
        .order_by(name, Track.artist)
        .limit(limit)
    )
    if artist:
        statement = statement.where(Track.artist == artist)
    if q:
        statement = statement.where(holds(Track.album, q))
    if after is not None:
        statement = statement.where(name >= after[0], tuple_(name, Track.artist) > tuple_(*after))
    return database.execute(statement).all()
