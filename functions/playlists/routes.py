from typing import Annotated
from uuid import UUID

from djamms.api.paging import link_next
from djamms.api.route import Caller, Database, create_router, needs, not_yet
from djamms.playlists import service
from djamms.playlists.schemas import (
    AddTracksRequest,
    PlaylistOrder,
    PlaylistReply,
    PlaylistRequest,
    PlaylistTrack,
)
from djamms.security.permissions import Permission
from fastapi import Query, Request, Response

READ, WRITE = needs(Permission.READ_PLAYLISTS), needs(Permission.WRITE_PLAYLISTS)
DELETE = needs(Permission.DELETE_PLAYLISTS)

router = create_router("/api/playlists", tag="playlists")


@router.get("", openapi_extra=READ)
async def list_playlists(
    response: Response,
    database: Database,
    caller: Caller,
    limit: Annotated[int, Query(ge=1, le=1000)] = 1000,
) -> list[PlaylistReply]:
    playlists, total = service.list_playlists(database, principal=caller, limit=limit)
    response.headers["X-Total-Count"] = str(total)
    return playlists


@router.post("", status_code=201, openapi_extra=WRITE)
async def create_playlist(
    body: PlaylistRequest, response: Response, database: Database, caller: Caller
) -> PlaylistReply:
    playlist = service.create_playlist(database, principal=caller, **body.model_dump())
    response.headers["Location"] = f"/api/playlists/{playlist.id}"
    return playlist


@router.get("/{playlist_id}", openapi_extra=READ)
async def get_playlist(playlist_id: UUID, database: Database, caller: Caller) -> PlaylistReply:
    return service.get_playlist(database, principal=caller, playlist_id=playlist_id)


@router.get("/{playlist_id}/tracks", openapi_extra=READ)
async def list_entries(
    playlist_id: UUID,
    request: Request,
    response: Response,
    database: Database,
    caller: Caller,
    cursor: Annotated[str | None, Query(max_length=100)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 1000,
) -> list[PlaylistTrack]:
    entries = service.list_entries(
        database, principal=caller, playlist_id=playlist_id, cursor=cursor, limit=limit
    )
    response.headers["X-Total-Count"] = str(entries.total)
    if entries.next_cursor:
        response.headers["Link"] = link_next(request, entries.next_cursor)
    return entries.tracks


@router.post("/{playlist_id}/tracks", openapi_extra=WRITE)
async def add_tracks(
    playlist_id: UUID, body: AddTracksRequest, database: Database, caller: Caller
) -> PlaylistOrder:
    return service.add_tracks(
        database,
        principal=caller,
        playlist_id=playlist_id,
        track_ids=body.track_ids,
        position=body.position,
    )


not_yet(router, "PUT", "/{playlist_id}", WRITE)
not_yet(router, "DELETE", "/{playlist_id}", DELETE)
not_yet(router, "DELETE", "/{playlist_id}/tracks/{track_id}", WRITE)
not_yet(router, "PUT", "/{playlist_id}/reorder", WRITE)
