"""A playlist by its id or by its name, of those that the caller may read."""

from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms.errors import Unprocessable
from djamms.scheduler import choosing_repository as repository
from djamms.scheduler.venue import Playing
from djamms.security.principal import Principal


def playlist_by_id(database: Database, *, principal: Principal, playlist_id: UUID) -> Playing:
    """Raises Unprocessable where there is none that the caller may read."""
    row = repository.find_by_id(database, principal=principal, playlist_id=playlist_id)
    if row is None:
        raise _refused("playlistId", "there is no such playlist, or you may not read it")
    return Playing(row.id, row.name)


def playlist_by_name(database: Database, *, principal: Principal, name: str) -> Playing:
    """The one of exactly that name, or else the only one of it in whatever case. Raises
    Unprocessable where there is none, or more than one."""
    rows = repository.find_by_name(database, principal=principal, name=name)
    meant = [row for row in rows if row.name == name] or rows
    if not meant:
        raise _refused("playlist", "no playlist that you may read has this name; give a playlistId")
    if len(meant) > 1:
        raise _refused("playlist", f"{len(meant)} playlists have this name; give a playlistId")
    return Playing(meant[0].id, meant[0].name)


def _refused(field: str, reason: str) -> Unprocessable:
    details = [{"field": field, "reason": reason}]
    return Unprocessable(f"The request is not valid. {field}: {reason}", details=details)
