"""Which playlist a name or an id means."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session as Database

from djamms.db.types import AnyRow, AnySelect
from djamms.models.playlist import Playlist
from djamms.playlists.access_repository import readable_by
from djamms.security.principal import Principal

ENOUGH = 50  # to see that a name is not unique


def find_by_id(database: Database, *, principal: Principal, playlist_id: UUID) -> AnyRow | None:
    return database.execute(_readable(principal, Playlist.id == playlist_id)).one_or_none()


def find_by_name(database: Database, *, principal: Principal, name: str) -> Sequence[AnyRow]:
    """In whatever case; those with exactly that name first."""
    is_exact = Playlist.name == name
    found = _readable(principal, func.lower(Playlist.name) == func.lower(name))
    return database.execute(found.order_by(is_exact.desc(), Playlist.id).limit(ENOUGH)).all()


def _readable(principal: Principal, wanted: ColumnElement[bool]) -> AnySelect:
    return select(Playlist.id, Playlist.name).where(
        Playlist.is_active, readable_by(principal), wanted
    )
