from typing import Annotated
from uuid import UUID

from fastapi import Path, Request, Response

from djamms.api.paging import Cursor, Limit, describe_page
from djamms.api.route import Caller, Database, create_router, needs, public
from djamms.api.schema import Deleted
from djamms.playlists import collaborating, links
from djamms.playlists.schemas import PlaylistReply, PlaylistTrack
from djamms.playlists.sharing_schemas import (
    CollaboratorReply,
    CollaboratorRequest,
    LinkReply,
    LinkRequest,
    NewLinkReply,
)
from djamms.security.permissions import Permission

SHARE = needs(Permission.WRITE_PLAYLISTS)
Token = Annotated[str, Path(max_length=100)]

router = create_router("/api/playlists", tag="playlists")


@router.get("/shared/{link_token}", openapi_extra=public())
async def get_shared(link_token: Token, database: Database, caller: Caller) -> PlaylistReply:
    """The playlist of a link, without an account; of its tracks what the caller may see anyway."""
    return links.read_shared(database, principal=caller, token=link_token)


@router.get("/shared/{link_token}/tracks", openapi_extra=public())
async def list_shared_entries(
    link_token: Token,
    request: Request,
    response: Response,
    database: Database,
    caller: Caller,
    cursor: Cursor = None,
    limit: Limit = 1000,
) -> list[PlaylistTrack]:
    entries = links.list_shared_entries(
        database, principal=caller, token=link_token, cursor=cursor, limit=limit
    )
    describe_page(request, response, total=entries.total, cursor=entries.next_cursor)
    return entries.tracks


@router.get("/{playlist_id}/links", openapi_extra=SHARE)
async def list_links(playlist_id: UUID, database: Database, caller: Caller) -> list[LinkReply]:
    return links.list_links(database, principal=caller, playlist_id=playlist_id)


@router.post("/{playlist_id}/links", status_code=201, openapi_extra=SHARE)
async def create_link(
    playlist_id: UUID, body: LinkRequest, database: Database, caller: Caller
) -> NewLinkReply:
    """The reply is the only one that shows the token."""
    return links.create_link(
        database, principal=caller, playlist_id=playlist_id, expires_at=body.expires_at
    )


@router.delete("/{playlist_id}/links/{link_id}", openapi_extra=SHARE)
async def revoke_link(
    playlist_id: UUID, link_id: UUID, database: Database, caller: Caller
) -> Deleted:
    links.revoke_link(database, principal=caller, playlist_id=playlist_id, link_id=link_id)
    return Deleted(id=str(link_id), deleted=True)


@router.get("/{playlist_id}/collaborators", openapi_extra=SHARE)
async def list_collaborators(
    playlist_id: UUID, database: Database, caller: Caller
) -> list[CollaboratorReply]:
    """The owner first."""
    return collaborating.list_collaborators(database, principal=caller, playlist_id=playlist_id)


@router.put("/{playlist_id}/collaborators", openapi_extra=SHARE)
async def put_collaborator(
    playlist_id: UUID, body: CollaboratorRequest, database: Database, caller: Caller
) -> list[CollaboratorReply]:
    """Shares it with somebody, changes what they may do, or makes them the owner."""
    return collaborating.put_collaborator(
        database, principal=caller, playlist_id=playlist_id, **body.model_dump()
    )


@router.delete("/{playlist_id}/collaborators/{collaborator_id}", openapi_extra=SHARE)
async def remove_collaborator(
    playlist_id: UUID, collaborator_id: UUID, database: Database, caller: Caller
) -> Deleted:
    """The owner removes anybody; everybody removes themselves."""
    collaborating.remove_collaborator(
        database, principal=caller, playlist_id=playlist_id, user_id=collaborator_id
    )
    return Deleted(id=str(collaborator_id), deleted=True)
