"""Who besides its owner reads or edits a playlist, and whose it is."""

from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms.auth.user_repository import may_inherit
from djamms.db.types import AnyRow
from djamms.errors import Conflict, Forbidden, NotFound, Unprocessable
from djamms.models.playlist import Playlist
from djamms.models.sharing import CollaboratorRole
from djamms.playlists import access_repository as access
from djamms.playlists import rule_based
from djamms.playlists import sharing_repository as repository
from djamms.playlists.service import get_playlist, lock
from djamms.playlists.sharing_schemas import CollaboratorReply, SharingRole
from djamms.security import audit
from djamms.security.audit import Event
from djamms.security.principal import Principal

MOST = 200


def list_collaborators(
    database: Database, *, principal: Principal, playlist_id: UUID
) -> list[CollaboratorReply]:
    """The owner first; for those concerned. Raises NotFound, Forbidden."""
    playlist = get_playlist(database, principal=principal, playlist_id=playlist_id)
    if not repository.may_see_sharing(database, principal=principal, playlist_id=playlist_id):
        raise Forbidden("With whom it is shared concerns those with whom it is.")
    owner = (playlist.owner_id, playlist.owner)
    rows = repository.list_collaborators(database, playlist_id)
    return [
        *([_reply(*owner, SharingRole.OWNER)] if playlist.owner_id else []),
        *(_reply(row.user_id, row.username, SharingRole(row.role)) for row in rows),
    ]


def put_collaborator(
    database: Database,
    *,
    principal: Principal,
    playlist_id: UUID,
    username: str | None,
    user_id: UUID | None,
    role: SharingRole,
) -> list[CollaboratorReply]:
    """Shares it, changes a role, or hands it over. Raises NotFound, Forbidden, Unprocessable,
    Conflict."""
    person = _find_person(database, username=username, user_id=user_id)
    # Before the playlist, as a deletion of the account would lock them.
    may_own = role == SharingRole.OWNER and person and may_inherit(database, person.id)
    playlist = lock(database, principal=principal, playlist_id=playlist_id, may=access.owned_by)
    if person is None:
        raise NotFound("There is no such person.")
    if role == SharingRole.OWNER:
        _hand_over(database, principal, playlist, person.id, may_own=bool(may_own))
    elif person.id == playlist.owner_id:
        raise Conflict("An owner stays the owner until somebody else is made it.")
    elif repository.count_others(database, playlist_id, but=person.id) >= MOST:
        raise Conflict(f"A playlist is shared with {MOST} people at most.")
    else:
        repository.put_collaborator(
            database,
            playlist_id=playlist_id,
            user_id=person.id,
            role=role,
            added_by=principal.user_id,
        )
    database.flush()
    return list_collaborators(database, principal=principal, playlist_id=playlist_id)


def remove_collaborator(
    database: Database, *, principal: Principal, playlist_id: UUID, user_id: UUID
) -> None:
    """The owner removes anybody, everybody removes themselves. Raises NotFound, Forbidden."""
    leaves = user_id == principal.user_id
    may = access.readable_by if leaves else access.owned_by
    lock(database, principal=principal, playlist_id=playlist_id, may=may)
    if not repository.remove_collaborator(database, playlist_id=playlist_id, user_id=user_id):
        raise NotFound("The playlist is not shared with this person.")


def _hand_over(
    database: Database, principal: Principal, playlist: Playlist, user_id: UUID, *, may_own: bool
) -> None:
    before = playlist.owner_id
    if before == user_id:
        return
    rule_based.check_passes_on(playlist)
    gone = repository.remove_collaborator(database, playlist_id=playlist.id, user_id=user_id)
    if not gone or not may_own:
        raise Conflict("Only somebody it is shared with, and who may have playlists, can own it.")
    playlist.owner_id = user_id
    audit.record(
        database,
        Event.HANDED_OVER,
        user_id=before,
        actor_id=principal.user_id,
        details={"playlist": playlist.id, "owner": user_id},
    )
    if before:
        repository.put_collaborator(
            database,
            playlist_id=playlist.id,
            user_id=before,
            role=CollaboratorRole.EDITOR,
            added_by=user_id,
        )


def _find_person(
    database: Database, *, username: str | None, user_id: UUID | None
) -> AnyRow | None:
    if (username is None) == (user_id is None):
        reason = "give username or userId"
        raise Unprocessable(reason, details=[{"field": "username", "reason": reason}])
    return repository.find_person(database, username=username, user_id=user_id)


def _reply(user_id: object, username: str | None, role: SharingRole) -> CollaboratorReply:
    return CollaboratorReply(user_id=str(user_id), username=username or "", role=role)
