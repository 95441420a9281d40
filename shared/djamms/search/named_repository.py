"""What was found by its name, as far as the caller may see it: an index may lag behind."""

from collections.abc import Iterable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session as Database

from djamms.db.types import AnySelect
from djamms.models.playlist import Playlist
from djamms.models.track import Track
from djamms.models.user import User
from djamms.music.browse_repository import albums_of, artists_of
from djamms.music.repository import visible_to
from djamms.playlists.access_repository import readable_by
from djamms.search.engine import Suggestion
from djamms.search.kinds import Kind
from djamms.security.principal import Principal

type Named = Mapping[tuple[Kind, tuple[str, ...]], Any]
# Of each kind what a row is known by, then what is told of it.
COLUMNS: dict[Kind, tuple[int, tuple[str, ...]]] = {
    Kind.TRACK: (1, ("id", "title", "artist", "thumbnail_key")),
    Kind.ARTIST: (1, ("key", "name", "tracks", "albums")),
    Kind.ALBUM: (
        2,
        ("key", "artist_key", "name", "artist", "year", "tracks", "seconds", "thumbnail_key"),
    ),
    Kind.PLAYLIST: (1, ("id", "name", "track_count", "thumbnail_url", "is_public", "owner")),
}


def find_named(database: Database, *, viewer: Principal, found: Iterable[Suggestion]) -> Named:
    """One statement; by kind and keys. What is hidden or gone is not there."""
    keys: dict[Kind, list[tuple[str, ...]]] = {}
    for one in found:
        keys.setdefault(one.kind, []).append(one.keys)
    if not keys:
        return {}
    parts = [_rows(kind, _of_kind(kind, viewer, wanted)) for kind, wanted in keys.items()]
    answers = database.execute(select(*parts)).one()
    named = {}
    for kind, rows in zip(keys, answers, strict=True):
        size, columns = COLUMNS[kind]
        for row in rows or ():
            named[kind, tuple(row[:size])] = SimpleNamespace(**dict(zip(columns, row, strict=True)))
    return named


def _rows(kind: Kind, wanted: AnySelect) -> ScalarSelect[Any]:
    table = wanted.subquery()
    _, columns = COLUMNS[kind]
    values = func.json_build_array(*(table.c[column] for column in columns))
    return select(func.json_agg(values)).scalar_subquery().label(kind)  # type: ignore[return-value]


def _of_kind(kind: Kind, viewer: Principal, keys: Sequence[tuple[str, ...]]) -> AnySelect:
    single = [one[0] for one in keys]
    match kind:
        case Kind.ARTIST:
            return artists_of(viewer, single)
        case Kind.ALBUM:
            return albums_of(viewer, keys)
        case Kind.PLAYLIST:
            return _playlists(viewer, single)
        case _:
            return select(Track.id, Track.title, Track.artist, Track.thumbnail_key).where(
                Track.id.in_(single), visible_to(viewer)
            )


def _playlists(viewer: Principal, ids: Sequence[str]) -> AnySelect:
    return (
        select(
            Playlist.id,
            Playlist.name,
            Playlist.track_count,
            Playlist.thumbnail_url,
            Playlist.is_public,
            User.username.label("owner"),
        )
        .outerjoin(User, User.id == Playlist.owner_id)
        .where(Playlist.id.in_(ids), Playlist.is_active, readable_by(viewer))
    )
