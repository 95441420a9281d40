from typing import Annotated
from uuid import UUID

from fastapi import Header, Query, Request, Response

from djamms.api.conditional import matching
from djamms.api.idempotency import repeatable
from djamms.api.paging import Cursor, Limit, PageNumber, describe_page
from djamms.api.route import Caller, Database, create_router, needs
from djamms.api.schema import Deleted
from djamms.playlists import order, service
from djamms.playlists.precondition import Expected
from djamms.playlists.schemas import (
    AddTracksRequest,
    PlaylistChanges,
    PlaylistOrder,
    PlaylistReply,
    PlaylistRequest,
    PlaylistTrack,
    ReorderRequest,
    Version,
)
from djamms.security.permissions import Permission
from functions.playlists.edits import CHANGED_MEANWHILE, IfMatch, Prefer, described, prefers_minimal

READ, WRITE = needs(Permission.READ_PLAYLISTS), needs(Permission.WRITE_PLAYLISTS)
DELETE = needs(Permission.DELETE_PLAYLISTS)

router = create_router("/api/playlists", tag="playlists")


@router.get("", openapi_extra=READ)
async def list_playlists(
    request: Request,
    response: Response,
    database: Database,
    caller: Caller,
    page: PageNumber = 1,
    cursor: Cursor = None,
    limit: Limit = 1000,
) -> list[PlaylistReply]:
    """A page by `page`, or, as fast at any depth, behind a `cursor`; newest first."""
    listing = service.list_playlists(
        database, principal=caller, page=page, cursor=cursor, limit=limit
    )
    describe_page(request, response, total=listing.total, cursor=listing.next_cursor, page=page)
    return listing.playlists


@router.post("", status_code=201, openapi_extra=WRITE | repeatable())
async def create_playlist(
    body: PlaylistRequest, response: Response, database: Database, caller: Caller
) -> PlaylistReply:
    playlist = service.create_playlist(database, principal=caller, **dict(body))
    response.headers["Location"] = f"/api/playlists/{playlist.id}"
    return playlist


@router.get("/{playlist_id}", openapi_extra=READ)
async def get_playlist(playlist_id: UUID, database: Database, caller: Caller) -> PlaylistReply:
    return service.get_playlist(database, principal=caller, playlist_id=playlist_id)


@router.put(
    "/{playlist_id}",
    openapi_extra=WRITE,
    responses={412: {"description": "This has changed since you read it. Read it again."}},
)
async def update_playlist(
    playlist_id: UUID,
    body: PlaylistChanges,
    database: Database,
    caller: Caller,
    if_match: Annotated[str | None, Header()] = None,
) -> PlaylistReply:
    return service.update_playlist(
        database,
        principal=caller,
        playlist_id=playlist_id,
        changes=body.model_dump(exclude_unset=True),
        check=matching(if_match),
    )


@router.delete("/{playlist_id}", openapi_extra=DELETE)
async def delete_playlist(playlist_id: UUID, database: Database, caller: Caller) -> Deleted:
    service.delete_playlist(database, principal=caller, playlist_id=playlist_id)
    return Deleted(id=str(playlist_id), deleted=True)


@router.get("/{playlist_id}/tracks", openapi_extra=READ)
async def list_entries(
    playlist_id: UUID,
    request: Request,
    response: Response,
    database: Database,
    caller: Caller,
    cursor: Cursor = None,
    limit: Limit = 1000,
) -> list[PlaylistTrack]:
    entries = service.list_entries(
        database, principal=caller, playlist_id=playlist_id, cursor=cursor, limit=limit
    )
    describe_page(request, response, total=entries.total, cursor=entries.next_cursor)
    return entries.tracks


@router.post(
    "/{playlist_id}/tracks",
    openapi_extra=WRITE | repeatable(),
    response_model=PlaylistOrder,
    responses=CHANGED_MEANWHILE,
)
async def add_tracks(
    playlist_id: UUID,
    body: AddTracksRequest,
    database: Database,
    caller: Caller,
    if_match: IfMatch = None,
    prefer: Prefer = None,
) -> Response:
    edited = order.add_tracks(
        database,
        principal=caller,
        playlist_id=playlist_id,
        track_ids=body.track_ids,
        position=body.position,
        expected=Expected(body.version, matching(if_match)),
        is_whole=not prefers_minimal(prefer),
    )
    return described(edited)


@router.delete(
    "/{playlist_id}/tracks/{track_id}",
    openapi_extra=WRITE,
    response_model=PlaylistOrder,
    responses=CHANGED_MEANWHILE,
)
async def remove_track(
    playlist_id: UUID,
    track_id: UUID,
    database: Database,
    caller: Caller,
    version: Annotated[Version | None, Query()] = None,
    if_match: IfMatch = None,
    prefer: Prefer = None,
) -> Response:
    """Takes an `entryId`, or a track's id for all of its entries."""
    edited = order.remove(
        database,
        principal=caller,
        playlist_id=playlist_id,
        entry_or_track_id=track_id,
        expected=Expected(version, matching(if_match)),
        is_whole=not prefers_minimal(prefer),
    )
    return described(edited)


@router.put(
    "/{playlist_id}/reorder",
    openapi_extra=WRITE,
    response_model=PlaylistOrder,
    responses=CHANGED_MEANWHILE,
)
async def reorder(
    playlist_id: UUID,
    body: ReorderRequest,
    database: Database,
    caller: Caller,
    if_match: IfMatch = None,
    prefer: Prefer = None,
) -> Response:
    expected = Expected(body.version, matching(if_match))
    is_whole = not prefers_minimal(prefer)
    if body.entry_ids is not None:
        edited = order.rearrange(
            database,
            principal=caller,
            playlist_id=playlist_id,
            entry_ids=body.entry_ids,
            expected=expected,
            is_whole=is_whole,
        )
        return described(edited)
    assert body.entry_id is not None  # the schema asks for one or the other
    assert body.position is not None
    edited = order.move(
        database,
        principal=caller,
        playlist_id=playlist_id,
        entry_id=body.entry_id,
        position=body.position,
        expected=expected,
        is_whole=is_whole,
    )
    return described(edited)
