"""Ways into the library: genres, artists, albums."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.orm import Session as Database

from djamms.config import config
from djamms.errors import BadRequest
from djamms.music import browse_repository as repository
from djamms.music.presenter import TrackPresenter
from djamms.music.schemas import AlbumReply, ArtistReply, GenreReply
from djamms.security.principal import Principal


def list_genres(database: Database, *, principal: Principal) -> list[GenreReply]:
    """The known genres by category, then those that only tracks name, each with its tracks."""
    counts = repository.genre_counts(database, principal=principal)
    known = [
        GenreReply(
            name=genre.name,
            slug=genre.slug,
            category=genre.category,
            track_count=counts.pop(genre.name.lower(), 0),
        )
        for genre in repository.known_genres(database)
    ]
    others = [
        GenreReply(name=name, slug=name.replace(" ", "-"), category=None, track_count=count)
        for name, count in sorted(counts.items())
    ]
    return known + others


def list_artists(
    database: Database, *, principal: Principal, q: str | None, cursor: str | None, limit: int
) -> tuple[list[ArtistReply], str | None]:
    """A page of artists by name, and the cursor of the next."""
    after = _read(cursor, 1)[0] if cursor else None
    rows = repository.list_artists(database, principal=principal, q=q, after=after, limit=limit + 1)
    artists = [
        ArtistReply(
            name=row.name,
            track_count=row.tracks,
            album_count=row.albums,
            tracks=tracks_url(artistIs=row.name),
        )
        for row in rows[:limit]
    ]
    return artists, _write(artists[-1].name) if len(rows) > limit else None


def list_albums(
    database: Database,
    *,
    principal: Principal,
    artist: str | None,
    q: str | None,
    cursor: str | None,
    limit: int,
) -> tuple[list[AlbumReply], str | None]:
    """A page of albums by name, and the cursor of the next."""
    name, of_artist = _read(cursor, 2) if cursor else (None, None)
    after = (name, of_artist) if name is not None and of_artist is not None else None
    rows = repository.list_albums(
        database, principal=principal, artist=artist, q=q, after=after, limit=limit + 1
    )
    artwork_url = TrackPresenter().artwork_url
    albums = [
        AlbumReply(
            name=row.name,
            artist=row.artist,
            year=row.year,
            track_count=row.tracks,
            duration=row.seconds,
            thumbnail=artwork_url(row.thumbnail_key),
            tracks=tracks_url(albumIs=row.name, artistIs=row.artist),
        )
        for row in rows[:limit]
    ]
    return albums, _write(albums[-1].name, albums[-1].artist) if len(rows) > limit else None


def tracks_url(**words: str) -> str:
    return f"{config.api_base_url}/music/tracks?{urlencode(words)}"


def _write(*keys: str) -> str:
    return urlsafe_b64encode(json.dumps(keys).encode()).decode().rstrip("=")


def _read(cursor: str, count: int) -> list[str]:
    try:
        keys: Any = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError):
        keys = None
    if not isinstance(keys, list) or len(keys) != count:
        raise BadRequest("The cursor is not one that this list gave out.")
    return [str(key) for key in keys]
