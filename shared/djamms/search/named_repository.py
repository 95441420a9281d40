"""What was found by its name, as far as the caller may see it: an index may lag behind."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import (
    ARRAY,
    ScalarSelect,
    Select,
    Text,
    Uuid,
    any_,
    bindparam,
    func,
    select,
    tuple_,
)
from sqlalchemy.orm import Session as Database

from djamms.db.types import AnySelect
from djamms.models.counts import AlbumCount, ArtistCount
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
# More of a kind is never shown at once.
MOST = 100
# To put a statement together takes longer than to run it; each viewer has one of their own.
VIEWERS = 200


def find_named(database: Database, *, viewer: Principal, found: Iterable[Suggestion]) -> Named:
    """One statement; by kind and keys. What is hidden or gone is not there."""
    keys: dict[Kind, list[tuple[str, ...]]] = {}
    for one in found:
        keys.setdefault(one.kind, []).append(one.keys)
    if not keys:
        return {}
    kinds = tuple(kind for kind in Kind if kind in keys)
    statement = _statement(replace(viewer, session_id=None), kinds)
    answers = database.execute(statement, _bound(keys)).one()
    named = {}
    for kind, rows in zip(kinds, answers, strict=True):
        size, columns = COLUMNS[kind]
        for row in rows or ():
            named[kind, tuple(row[:size])] = SimpleNamespace(**dict(zip(columns, row, strict=True)))
    return named


def _bound(keys: Mapping[Kind, list[tuple[str, ...]]]) -> dict[str, list[str]]:
    """A list for each part of the keys of each kind."""
    return {
        f"asked_{kind}_{place}": list(part)
        for kind, of_kind in keys.items()
        for place, part in enumerate(zip(*of_kind, strict=True))
    }


@lru_cache(maxsize=VIEWERS)
def _statement(viewer: Principal, kinds: tuple[Kind, ...]) -> Select[Any]:
    return select(*(_rows(kind, _of_kind(kind, viewer)) for kind in kinds))


def _rows(kind: Kind, wanted: AnySelect) -> ScalarSelect[Any]:
    table = wanted.subquery()
    _, columns = COLUMNS[kind]
    values = func.json_build_array(*(table.c[column] for column in columns))
    return select(func.json_agg(values)).scalar_subquery().label(kind)  # type: ignore[return-value]


def _of_kind(kind: Kind, viewer: Principal) -> AnySelect:
    match kind:
        case Kind.ARTIST:
            return artists_of(viewer, ArtistCount.key == any_(_asked(kind)), MOST)
        case Kind.ALBUM:
            asked = select(func.unnest(_asked(kind)), func.unnest(_asked(kind, 1)))
            known = tuple_(AlbumCount.key, AlbumCount.artist_key)
            return albums_of(viewer, known.in_(asked), MOST)
        case Kind.PLAYLIST:
            return _playlists(viewer)
        case _:
            return select(Track.id, Track.title, Track.artist, Track.thumbnail_key).where(
                Track.id == any_(_asked(kind, of=Uuid)), visible_to(viewer)
            )


def _asked(kind: Kind, place: int = 0, of: Any = Text) -> Any:
    return bindparam(f"asked_{kind}_{place}", type_=ARRAY(of))


def _playlists(viewer: Principal) -> AnySelect:
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
        .where(
            Playlist.id == any_(_asked(Kind.PLAYLIST, of=Uuid)),
            Playlist.is_active,
            readable_by(viewer),
        )
    )
