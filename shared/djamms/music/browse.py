"""Ways into the library: genres, artists, albums."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.orm import Session as Database

from djamms.config import config
from djamms.db.cursors import decode_cursor, encode_cursor, refusing_made_up
from djamms.db.types import AnyRow
from djamms.errors import BadRequest
from djamms.genres import genre_key, slug
from djamms.music import browse_repository as repository
from djamms.music.browse_repository import Wanted
from djamms.music.cursor import mark
from djamms.music.presenter import TrackPresenter
from djamms.music.schemas import AlbumReply, ArtistReply, BrowseSort, GenreReply
from djamms.security.principal import Principal


def list_genres(
    database: Database, *, principal: Principal, q: str | None, page: int, limit: int
) -> tuple[list[GenreReply], int]:
    """A page of the known genres by category, then of those that only tracks name; and how many
    there are."""
    counts: dict[str, int] = {}
    names: dict[str, str] = {}
    for row in repository.genre_counts(database, principal=principal):
        names.setdefault(row.key, row.name)
        counts[row.key] = counts.get(row.key, 0) + int(row.tracks)
    known = repository.known_genres(database)
    listed = [_genre(one.name, one.slug, one.category, counts) for one in known]
    for one in known:
        names.pop(genre_key(one.name), None)
    others = sorted(names.values(), key=genre_key)
    listed += [_genre(name, slug(name), None, counts) for name in others]
    found = [genre for genre in listed if not q or genre_key(q) in genre_key(genre.name)]
    return found[(page - 1) * limit : page * limit], len(found)


def _genre(name: str, slug: str, category: str | None, counts: dict[str, int]) -> GenreReply:
    tracks = counts.get(genre_key(name), 0)
    return GenreReply(name=name, slug=slug, category=category, track_count=tracks)


def list_artists(
    database: Database,
    *,
    principal: Principal,
    q: str | None,
    sort: BrowseSort,
    cursor: str | None,
    limit: int,
) -> tuple[list[ArtistReply], int, str | None]:
    """A page of artists, how many there are, and the cursor of the next page."""
    asked = mark((sort, q))
    wanted = _wanted(sort, _read(cursor, asked, 2) if cursor else None, limit)
    rows = repository.list_artists(database, principal=principal, q=q, wanted=wanted)
    artists = [artist_reply(row) for row in rows[:limit]]
    total = repository.count_artists(database, principal=principal, q=q)
    more = len(rows) > limit
    return artists, total, _write(asked, rows[limit - 1], ["key"]) if more else None


def list_albums(
    database: Database,
    *,
    principal: Principal,
    artist: str | None,
    q: str | None,
    sort: BrowseSort,
    cursor: str | None,
    limit: int,
) -> tuple[list[AlbumReply], int, str | None]:
    """A page of albums, how many there are, and the cursor of the next page."""
    asked = mark((sort, artist, q))
    wanted = _wanted(sort, _read(cursor, asked, 3) if cursor else None, limit)
    rows = repository.list_albums(database, principal=principal, artist=artist, q=q, wanted=wanted)
    total = repository.count_albums(database, principal=principal, artist=artist, q=q)
    more = len(rows) > limit
    following = _write(asked, rows[limit - 1], ["key", "artist_key"]) if more else None
    return _albums(rows[:limit]), total, following


def _albums(rows: Iterable[AnyRow]) -> list[AlbumReply]:
    presenter = TrackPresenter()
    return [album_reply(row, presenter) for row in rows]


def artist_reply(row: AnyRow) -> ArtistReply:
    return ArtistReply(
        name=row.name,
        track_count=row.tracks,
        album_count=row.albums,
        tracks=artist_tracks_url(row.name),
    )


def album_reply(row: AnyRow, presenter: TrackPresenter) -> AlbumReply:
    return AlbumReply(
        name=row.name,
        artist=row.artist,
        year=row.year,
        track_count=row.tracks,
        duration=row.seconds,
        thumbnail=presenter.artwork_url(row.thumbnail_key),
        tracks=album_tracks_url(row.name, row.artist),
    )


def artist_tracks_url(name: str) -> str:
    return tracks_url(artistIs=name)


def album_tracks_url(name: str, artist: str) -> str:
    return tracks_url(albumIs=name, albumArtistIs=artist, sort="track")


def tracks_url(**words: str) -> str:
    return f"{config.api_base_url}/music/tracks?{urlencode(words)}"


def _wanted(sort: BrowseSort, place: list[Any] | None, limit: int) -> Wanted:
    """From most to fewest, and by name from A to Z; a minus reverses either."""
    by_count = sort.removeprefix("-") == "count"
    after = None if place is None else tuple(place if by_count else place[1:])
    return Wanted(by_count, by_count != sort.startswith("-"), after, limit + 1)


def _write(asked: str, row: AnyRow, keys: list[str]) -> str:
    return encode_cursor([asked, int(row.tracks), *(getattr(row, key) for key in keys)])


def _read(cursor: str, asked: str, count: int) -> list[Any]:
    """The number of tracks and the keys of the last row; raises BadRequest."""
    with refusing_made_up():
        marked, tracks, *keys = decode_cursor(cursor)
        place = [int(tracks), *map(str, keys)]
        if len(place) != count:
            raise ValueError("another number of keys")
    if marked != asked:
        raise BadRequest("The cursor belongs to another order or filter: start without it.")
    return place
