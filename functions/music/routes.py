from math import ceil
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, Request, Response
from fastapi.responses import RedirectResponse

from djamms.api.idempotency import repeatable
from djamms.api.limits import at_most
from djamms.api.paging import link_next
from djamms.api.route import Caller, Database, create_router, needs, public
from djamms.api.schema import Deleted
from djamms.music import browse, editing, plays, service
from djamms.music.criteria import read_filter, read_sort
from djamms.music.schemas import (
    AlbumReply,
    ArtistReply,
    ArtworkReply,
    BulkDelete,
    BulkEdit,
    BulkReply,
    BulkUpload,
    BulkUploadReply,
    GenreReply,
    Pagination,
    PlayReply,
    PlayRequest,
    TrackChanges,
    TrackListQuery,
    TrackPage,
    TrackReply,
    UploadReply,
)
from djamms.security.permissions import Permission
from djamms.storage.keys import ArtworkSize
from functions.music import uploads

READ, WRITE = needs(Permission.READ_TRACKS), needs(Permission.WRITE_TRACKS)
DELETE = needs(Permission.DELETE_TRACKS)
# Less than the time that a signed address is certain to stay valid.
REDIRECT_CACHE_SECONDS = 3600
Cursor = Annotated[str | None, Query(max_length=2000)]

router = create_router("/api/music", tag="music")


@router.get("/tracks", openapi_extra=READ)
async def list_tracks(
    query: Annotated[TrackListQuery, Query()],
    request: Request,
    response: Response,
    database: Database,
    caller: Caller,
) -> TrackPage:
    """A page by `page`, or, as fast at any depth, behind a `cursor`."""
    listing = service.list_tracks(
        database,
        principal=caller,
        criteria=read_filter(query.filters()),
        sort=read_sort(query.sort),
        page=query.page,
        cursor=query.cursor,
        limit=query.limit,
    )
    response.headers["X-Total-Count"] = str(listing.total)
    if listing.next_cursor:
        response.headers["Link"] = link_next(request, listing.next_cursor)
    return TrackPage(
        tracks=listing.tracks,
        pagination=Pagination(
            page=query.page,
            limit=query.limit,
            total=listing.total,
            pages=ceil(listing.total / query.limit),
        ),
        next_cursor=listing.next_cursor,
    )


@router.post(
    "/tracks",
    status_code=201,
    openapi_extra=WRITE | at_most(6000, seconds=60) | repeatable() | uploads.BODY,
)
async def create_track(
    request: Request, response: Response, database: Database, caller: Caller
) -> UploadReply:
    """JSON asks for a presigned upload; a file up to 4 MB may come as multipart/form-data."""
    reply = await uploads.upload(request, database, caller)
    response.headers["Location"] = f"/api/music/tracks/{reply.track.id}"
    return reply


@router.post(
    "/tracks/bulk-upload",
    status_code=201,
    openapi_extra=WRITE | at_most(600, seconds=60) | repeatable(),
)
async def create_tracks(
    body: BulkUpload, request: Request, database: Database, caller: Caller
) -> BulkUploadReply:
    """Asks for up to 100 presigned uploads: all are given, or none when one is impossible."""
    return uploads.presigned(request, database, caller, body)


@router.get("/tracks/{track_id}", openapi_extra=READ)
@router.get("/metadata/{track_id}", openapi_extra=READ, name="get_track_metadata")
async def get_track(track_id: UUID, database: Database, caller: Caller) -> TrackReply:
    return service.get_track(database, principal=caller, track_id=track_id)


# A player sends no Authorization: the token in `audioUrl` opens it, so the route is public and the
# service decides.
@router.get(
    "/tracks/{track_id}/stream",
    openapi_extra=public(),
    status_code=302,
    response_class=RedirectResponse,
)
async def stream(
    track_id: UUID,
    database: Database,
    caller: Caller,
    token: Annotated[str | None, Query(max_length=100)] = None,
) -> RedirectResponse:
    url = service.stream_url(database, principal=caller, track_id=track_id, token=token)
    cache = f"private, max-age={REDIRECT_CACHE_SECONDS}"
    return RedirectResponse(url, status_code=302, headers={"Cache-Control": cache})


@router.get("/artwork/{track_id}", openapi_extra=READ)
async def artwork(
    track_id: UUID,
    database: Database,
    caller: Caller,
    size: Literal["small", "medium", "large"] = "medium",
) -> ArtworkReply:
    return service.artwork(database, principal=caller, track_id=track_id, size=ArtworkSize(size))


@router.put("/tracks/{track_id}", openapi_extra=WRITE)
async def update_track(
    track_id: UUID, body: TrackChanges, database: Database, caller: Caller
) -> TrackReply:
    changes = body.model_dump(exclude_unset=True)
    return editing.update_track(database, principal=caller, track_id=track_id, changes=changes)


@router.delete("/tracks/{track_id}", openapi_extra=DELETE)
async def delete_track(track_id: UUID, database: Database, caller: Caller) -> Deleted:
    editing.delete_track(database, principal=caller, track_id=track_id)
    return Deleted(id=str(track_id), deleted=True)


@router.post(
    "/tracks/{track_id}/restore",
    openapi_extra=needs(Permission.ADMIN_SYSTEM),
    responses={409: {"description": "This track was deleted too long ago: its sound is gone."}},
)
async def restore_track(track_id: UUID, database: Database, caller: Caller) -> TrackReply:
    """Takes a deleted track out of the trash, until that is emptied after 30 days."""
    return service.restore_track(database, principal=caller, track_id=track_id)


@router.post("/tracks/bulk-edit", openapi_extra=WRITE)
async def edit_tracks(body: BulkEdit, database: Database, caller: Caller) -> BulkReply:
    changes = body.changes.model_dump(exclude_unset=True)
    return editing.edit_tracks(
        database, principal=caller, track_ids=body.track_ids, changes=changes
    )


@router.post("/tracks/bulk-delete", openapi_extra=DELETE)
async def delete_tracks(body: BulkDelete, database: Database, caller: Caller) -> BulkReply:
    return editing.delete_tracks(database, principal=caller, track_ids=body.track_ids)


@router.post("/tracks/{track_id}/play", openapi_extra=READ | at_most(600, seconds=60))
async def record_play(
    track_id: UUID, database: Database, caller: Caller, body: PlayRequest | None = None
) -> PlayReply:
    return plays.record_play(
        database, principal=caller, track_id=track_id, play=body or PlayRequest()
    )


@router.get("/genres", openapi_extra=READ)
async def list_genres(database: Database, caller: Caller) -> list[GenreReply]:
    return browse.list_genres(database, principal=caller)


@router.get("/artists", openapi_extra=READ)
async def list_artists(
    request: Request,
    response: Response,
    database: Database,
    caller: Caller,
    q: Annotated[str | None, Query(max_length=255)] = None,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[ArtistReply]:
    artists, following = browse.list_artists(
        database, principal=caller, q=q, cursor=cursor, limit=limit
    )
    if following:
        response.headers["Link"] = link_next(request, following)
    return artists


@router.get("/albums", openapi_extra=READ)
async def list_albums(
    request: Request,
    response: Response,
    database: Database,
    caller: Caller,
    artist: Annotated[str | None, Query(max_length=255)] = None,
    q: Annotated[str | None, Query(max_length=255)] = None,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[AlbumReply]:
    albums, following = browse.list_albums(
        database, principal=caller, artist=artist, q=q, cursor=cursor, limit=limit
    )
    if following:
        response.headers["Link"] = link_next(request, following)
    return albums
