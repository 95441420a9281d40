"""Links by which anybody reads a playlist: made, listed, revoked, followed."""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.config import config
from djamms.errors import Conflict, NotFound, Unprocessable
from djamms.models.playlist import Playlist
from djamms.models.sharing import PlaylistLink
from djamms.playlists import access_repository as access
from djamms.playlists import service
from djamms.playlists import sharing_repository as repository
from djamms.playlists.schemas import PlaylistReply
from djamms.playlists.service import Entries
from djamms.playlists.sharing_schemas import LinkReply, NewLinkReply
from djamms.security import audit
from djamms.security.audit import Event
from djamms.security.principal import Principal

TOKEN_BYTES = 32
MOST = 100
VIEW = "view"


def create_link(
    database: Database, *, principal: Principal, playlist_id: UUID, expires_at: datetime | None
) -> NewLinkReply:
    """Raises NotFound, Forbidden, Unprocessable, Conflict."""
    now = clock.now()
    if expires_at is not None and expires_at <= now:
        reason = "lies in the past"
        raise Unprocessable(
            f"expiresAt {reason}.", details=[{"field": "expiresAt", "reason": reason}]
        )
    playlist = _lock(database, principal, playlist_id)
    if repository.count_links(database, playlist_id) >= MOST:
        raise Conflict(f"A playlist has {MOST} links at most: revoke one.")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = PlaylistLink(
        id=uuid4(),
        playlist_id=playlist_id,
        token_hash=hash_link_token(token),
        created_by=principal.user_id,
        created_at=now,
        expires_at=expires_at,
    )
    repository.add_link(database, link)
    _record(database, Event.LINK_CREATED, principal, playlist, link.id)
    url = f"{config.api_base_url}/playlists/shared/{token}"
    return NewLinkReply(**dict(_reply(link, now)), token=token, url=url)


def list_links(database: Database, *, principal: Principal, playlist_id: UUID) -> list[LinkReply]:
    """For the owner, expired ones too. Raises NotFound, Forbidden."""
    service.require(database, principal=principal, playlist_id=playlist_id, may=access.owned_by)
    now = clock.now()
    return [_reply(link, now) for link in repository.list_links(database, playlist_id)]


def revoke_link(
    database: Database, *, principal: Principal, playlist_id: UUID, link_id: UUID
) -> None:
    playlist = _lock(database, principal, playlist_id)
    if not repository.delete_link(database, playlist_id=playlist_id, link_id=link_id):
        raise NotFound("There is no such link.")
    _record(database, Event.LINK_REVOKED, principal, playlist, link_id)


def read_shared(database: Database, *, principal: Principal, token: str) -> PlaylistReply:
    """What the link leads to, with what the caller may see of it anyway. Raises NotFound."""
    playlist_id = _follow(database, token)
    return service.get_playlist(
        database, principal=principal, playlist_id=playlist_id, is_linked=True
    )


def list_shared_entries(
    database: Database, *, principal: Principal, token: str, cursor: str | None, limit: int
) -> Entries:
    return service.list_entries(
        database,
        principal=principal,
        playlist_id=_follow(database, token),
        cursor=cursor,
        limit=limit,
        is_linked=True,
    )


def hash_link_token(token: str) -> str:
    """Without a key: 256 random bits cannot be guessed, and a link outlives signing keys."""
    return hashlib.sha256(token.encode()).hexdigest()


def _lock(database: Database, principal: Principal, playlist_id: UUID) -> Playlist:
    return service.lock(database, principal=principal, playlist_id=playlist_id, may=access.owned_by)


def _record(
    database: Database, event: Event, principal: Principal, playlist: Playlist, link_id: UUID
) -> None:
    audit.record(
        database,
        event,
        user_id=playlist.owner_id,
        actor_id=principal.user_id,
        details={"playlist": playlist.id, "link": link_id},
    )


def _follow(database: Database, token: str) -> UUID:
    hashed = hash_link_token(token)
    playlist_id = repository.find_linked(database, token_hash=hashed, now=clock.now())
    if playlist_id is None:
        # The same for a link that never was, is revoked or has expired.
        raise NotFound("This link leads nowhere (any more).")
    return playlist_id


def _reply(link: PlaylistLink, now: datetime) -> LinkReply:
    return LinkReply(
        id=str(link.id),
        role=VIEW,
        created_at=link.created_at,
        expires_at=link.expires_at,
        is_expired=link.expires_at is not None and link.expires_at <= now,
    )
