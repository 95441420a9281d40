"""Genres, artists and albums, from the kept counts of the tracks that a caller can see.

A group is what several spellings share; it is shown in the one that most tracks have.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, literal, select, true, tuple_
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow, AnySelect
from djamms.models.counts import AlbumCount, ArtistCount, GenreCount
from djamms.models.system import Category, Genre
from djamms.models.track import Track
from djamms.music.filter_repository import ALBUM, ALBUM_ARTIST, has_folded
from djamms.music.repository import visible_to
from djamms.security.principal import Principal

type Counts = type[GenreCount] | type[ArtistCount] | type[AlbumCount]


class Wanted(NamedTuple):
    """A page: by count or by name, from behind the count (if by count) and keys of a row."""

    by_count: bool
    descending: bool
    after: tuple[Any, ...] | None
    limit: int


def genre_counts(database: Database, *, principal: Principal) -> Sequence[AnyRow]:
    """Each spelling of each genre with its tracks, the most frequent first."""
    total = func.sum(GenreCount.tracks)
    return database.execute(
        select(GenreCount.key, GenreCount.name, total.label("tracks"))
        .where(_shown(GenreCount, principal))
        .group_by(GenreCount.key, GenreCount.name)
        .order_by(total.desc(), GenreCount.name)
    ).all()


def known_genres(database: Database) -> Sequence[AnyRow]:
    return database.execute(
        select(Genre.slug, Genre.name, Category.name.label("category"))
        .join(Category, Category.slug == Genre.category_slug)
        .order_by(Category.position, Genre.name)
    ).all()


def list_artists(
    database: Database, *, principal: Principal, q: str | None, wanted: Wanted
) -> Sequence[AnyRow]:
    """Groups are formed along the index, and by name no further than the page."""
    return database.execute(_described_artists(principal, _artists(principal, q), wanted)).all()


def artists_of(principal: Principal, among: ColumnElement[bool], most: int) -> AnySelect:
    """As `list_artists` has them, with their `key`."""
    wanted = Wanted(by_count=True, descending=True, after=None, limit=most)
    groups = _artists(principal, None).where(among)
    return _described_artists(principal, groups, wanted)


def _described_artists(principal: Principal, groups: AnySelect, wanted: Wanted) -> AnySelect:
    total = func.sum(ArtistCount.tracks)
    groups = groups.add_columns(total.label("tracks"))
    page = _page(groups, [ArtistCount.key], total, wanted).subquery()
    same = ArtistCount.key == page.c.key
    albums = select(func.count(ArtistCount.album.distinct())).where(
        same, ArtistCount.album != "", _shown(ArtistCount, principal)
    )
    statement = select(
        page,
        _spelling(ArtistCount.name, ArtistCount, same, principal),
        albums.scalar_subquery().label("albums"),
    )
    return statement.order_by(*_order(page, ["key"], wanted))


def count_artists(database: Database, *, principal: Principal, q: str | None) -> int:
    return _count(database, _artists(principal, q))


def list_albums(
    database: Database,
    *,
    principal: Principal,
    artist: str | None,
    q: str | None,
    wanted: Wanted,
) -> Sequence[AnyRow]:
    """By name and album artist."""
    groups = _albums(principal, artist, q)
    return database.execute(_described_albums(principal, groups, wanted)).all()


def albums_of(principal: Principal, among: ColumnElement[bool], most: int) -> AnySelect:
    """As `list_albums` has them, with their `key` and `artist_key`."""
    wanted = Wanted(by_count=True, descending=True, after=None, limit=most)
    return _described_albums(principal, _albums(principal, None, None).where(among), wanted)


def _described_albums(principal: Principal, groups: AnySelect, wanted: Wanted) -> AnySelect:
    total = func.sum(AlbumCount.tracks)
    groups = groups.add_columns(
        total.label("tracks"), func.sum(AlbumCount.seconds).label("seconds")
    )
    page = _page(groups, [AlbumCount.key, AlbumCount.artist_key], total, wanted).subquery()
    same = and_(AlbumCount.key == page.c.key, AlbumCount.artist_key == page.c.artist_key)
    # Neither can be kept as a count.
    told = (
        select(
            func.max(Track.year).label("year"), func.max(Track.thumbnail_key).label("thumbnail_key")
        )
        .where(
            visible_to(principal),
            func.folded(ALBUM) == page.c.key,
            func.folded(ALBUM_ARTIST) == page.c.artist_key,
        )
        .lateral()
    )
    statement = select(
        page,
        _spelling(AlbumCount.name, AlbumCount, same, principal),
        _spelling(AlbumCount.artist, AlbumCount, same, principal),
        told,
    ).join(told, true())
    return statement.order_by(*_order(page, ["key", "artist_key"], wanted))


def count_albums(
    database: Database, *, principal: Principal, artist: str | None, q: str | None
) -> int:
    return _count(database, _albums(principal, artist, q))


def _artists(principal: Principal, q: str | None) -> AnySelect:
    statement = select(ArtistCount.key).where(_shown(ArtistCount, principal))
    return statement.where(has_folded(ArtistCount.key, q)) if q else statement


def _albums(principal: Principal, artist: str | None, q: str | None) -> AnySelect:
    shown = _shown(AlbumCount, principal)
    statement: AnySelect = select(AlbumCount.key, AlbumCount.artist_key).where(shown)
    if artist:
        statement = statement.where(AlbumCount.artist_key == func.folded(artist))
    return statement.where(has_folded(AlbumCount.key, q)) if q else statement


def _shown(counts: Counts, principal: Principal) -> ColumnElement[bool]:
    return and_(counts.tracks > 0, counts.is_public if principal.is_guest else true())


def _page(
    groups: AnySelect,
    keys: list[InstrumentedAttribute[str]],
    total: ColumnElement[Any],
    wanted: Wanted,
) -> AnySelect:
    order: list[Any] = [total, *keys] if wanted.by_count else [*keys]
    statement = groups.group_by(*keys).limit(wanted.limit)
    if wanted.after is not None:
        place = tuple_(*(literal(value) for value in wanted.after))
        row = tuple_(*order)
        behind = row < place if wanted.descending else row > place
        statement = statement.having(behind) if wanted.by_count else statement.where(behind)
    return statement.order_by(*(one.desc() if wanted.descending else one for one in order))


def _order(page: Any, keys: list[str], wanted: Wanted) -> list[Any]:
    names = ["tracks", *keys] if wanted.by_count else keys
    return [page.c[name].desc() if wanted.descending else page.c[name] for name in names]


def _spelling(
    name: InstrumentedAttribute[str],
    counts: Counts,
    same: ColumnElement[bool],
    principal: Principal,
) -> Any:
    most = select(name).where(same, _shown(counts, principal)).group_by(name)
    most = most.order_by(func.sum(counts.tracks).desc(), name).limit(1)
    return most.scalar_subquery().label(name.key)


def _count(database: Database, groups: AnySelect) -> int:
    each = groups.distinct().subquery()
    return database.scalar(select(func.count()).select_from(each)) or 0
