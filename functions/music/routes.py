from math import ceil
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Header, Query, Request, Response
from fastapi.responses import RedirectResponse

from djamms.api.conditional import matching
from djamms.api.idempotency import checked, repeatable
from djamms.api.limits import at_most
from djamms.api.paging import Limit, PageNumber, describe_page
from djamms.api.route import Caller, Database, create_router, needs, public
from djamms.api.schema import Deleted
from djamms.music import browse, deleted, editing, missing, plays, service, waiting
from djamms.music.criteria import read_filter
from djamms.music.schemas import (
    MAX_CURSOR_LENGTH,
    AlbumReply,
    ArtistReply,
    ArtworkReply,
    BrowseSort,
    BulkDelete,
    BulkEdit,
    BulkReply,
    BulkRestore,
    BulkUpload,
    BulkUploadReply,
    DeletedTrack,
    GenreReply,
    MissingTrack,
    Pagination,
    PlayReply,
    PlayRequest,
    TrackChanges,
    TrackDetails,
    TrackListQuery,
    TrackPage,
    TrackReply,
    TrashQuery,
    UploadReply,
)
from djamms.music.sorting import read_sort
from djamms.security.permissions import Permission
from djamms.storage.keys import ArtworkSize
from functions.music import uploads

READ, WRITE = needs(Permission.READ_TRACKS), needs(Permission.WRITE_TRACKS)
DELETE = needs(Permission.DELETE_TRACKS)
# A reply that holds a form is of no use once that form is dead.
REPEATABLE = repeatable(service.UPLOAD_WINDOW)
# Less than the time that a signed address is certain to stay valid.
REDIRECT_CACHE_SECONDS = 3600
TrackCursor = Annotated[str | None, Query(max_length=MAX_CURSOR_LENGTH)]
Word = Annotated[str | None, Query(max_length=255)]
BROWSE_SORT = "By `name`, or by `count` of tracks from most on; a minus reverses the order."
CHANGED: dict[int | str, dict[str, Any]] = {
    412: {"description": "This has changed since you read it. Read it again."}
}

router = create_router("/api/music", tag="music")


@router.get("/tracks", openapi_extra=READ)
async def list_tracks(
    query: Annotated[TrackListQuery, Query()],
    request: Request,
    response: Response,
    database: Database,
    caller: Caller,
) -> TrackPage:
    """A page by `page`, or, as fast at any depth, behind a `cursor`.

    Sorted by what was added when, title, artist, album, year, duration, popularity or plays, the
    whole library is as fast as a part of it. The other orders sort what the filters leave.
    """
    listing = service.list_tracks(
        database,
        principal=caller,
        criteria=read_filter(query.filters(), caller=caller.user_id),
        sort=read_sort(query.sort, query.order),
        page=query.page,
        cursor=query.cursor,
        limit=query.limit,
    )
    describe_page(
        request, response, total=listing.total, cursor=listing.next_cursor, page=query.page
    )
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
    openapi_extra=WRITE | at_most(6000, seconds=60) | REPEATABLE | uploads.BODY,
)
async def create_track(
    request: Request, response: Response, database: Database, caller: Caller
) -> UploadReply:
    """JSON asks for a presigned upload; a file up to 4 MB may come as multipart/form-data."""
    reply = await uploads.upload(request, database, caller)
    response.headers["Location"] = f"/api/music/tracks/{reply.track.id}"
    return reply


@router.get("/tracks/trash", openapi_extra=DELETE)
async def list_deleted_tracks(
    query: Annotated[TrashQuery, Query()],
    request: Request,
    response: Response,
    database: Database,
    caller: Caller,
) -> list[DeletedTrack]:
    """One's own deleted tracks, or everybody's for moderators; the last deleted first."""
    page, limit = query.page, query.limit
    tracks, total = deleted.list_deleted(database, principal=caller, page=page, limit=limit)
    describe_page(request, response, total=total, page=page, has_next=page * limit < total)
    return tracks


@router.get("/tracks/missing", openapi_extra=WRITE)
async def list_missing_tracks(
    query: Annotated[TrashQuery, Query()],
    request: Request,
    response: Response,
    database: Database,
    caller: Caller,
) -> list[MissingTrack]:
    """One's own tracks whose sound is gone from the storage, or everybody's for moderators; the
    last missed first. They heal when it is back."""
    page, limit = query.page, query.limit
    tracks, total = missing.list_missing(database, principal=caller, page=page, limit=limit)
    describe_page(request, response, total=total, page=page, has_next=page * limit < total)
    return tracks


@router.post(
    "/tracks/bulk-upload",
    status_code=201,
    openapi_extra=WRITE | at_most(600, seconds=60) | REPEATABLE,
)
async def create_tracks(
    body: BulkUpload, request: Request, database: Database, caller: Caller
) -> BulkUploadReply:
    """Asks for up to 100 presigned uploads: all are given, or none when one is impossible."""
    return uploads.presigned(request, database, caller, body)


@router.get("/uploads", openapi_extra=WRITE)
async def list_uploads(
    request: Request,
    response: Response,
    database: Database,
    caller: Caller,
    state: Literal["uploading", "processing", "failed"] | None = None,
    cursor: TrackCursor = None,
    limit: Limit = 100,
) -> list[TrackReply]:
    """One's own uploads that are no tracks yet, the newest first; moderators see everyone's.

    `DELETE /music/tracks/{id}` takes one back, or strikes a failed one off this list. What the
    storage refuses it tells only who sends it: take that upload back, or it counts as failed when
    its form's time is over.
    """
    found = waiting.list_uploads(
        database, principal=caller, state=state, cursor=cursor, limit=limit
    )
    describe_page(request, response, total=found.total, cursor=found.next_cursor)
    return found.uploads


@router.get("/tracks/{track_id}", openapi_extra=READ)
@router.get("/metadata/{track_id}", openapi_extra=READ, name="get_track_metadata")
async def get_track(track_id: UUID, database: Database, caller: Caller) -> TrackDetails:
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


@router.put("/tracks/{track_id}", openapi_extra=WRITE, responses=CHANGED)
async def update_track(
    track_id: UUID,
    body: TrackChanges,
    database: Database,
    caller: Caller,
    if_match: Annotated[str | None, Header()] = None,
) -> TrackDetails:
    changes = body.model_dump(exclude_unset=True)
    return editing.update_track(
        database,
        principal=caller,
        track_id=track_id,
        changes=changes,
        check=matching(if_match),
    )


@router.delete("/tracks/{track_id}", openapi_extra=DELETE)
async def delete_track(track_id: UUID, database: Database, caller: Caller) -> Deleted:
    editing.delete_track(database, principal=caller, track_id=track_id)
    return Deleted(id=str(track_id), deleted=True)


@router.post(
    "/tracks/{track_id}/restore",
    openapi_extra=needs(Permission.ADMIN_SYSTEM),
    responses={409: {"description": "This track was deleted too long ago: its sound is gone."}},
)
async def restore_track(track_id: UUID, database: Database, caller: Caller) -> TrackDetails:
    """Takes a deleted track out of the trash, until that is emptied after 30 days."""
    return deleted.restore_track(database, principal=caller, track_id=track_id)


@router.post("/tracks/bulk-edit", openapi_extra=WRITE)
async def edit_tracks(body: BulkEdit, database: Database, caller: Caller) -> BulkReply:
    changes = body.changes.model_dump(exclude_unset=True)
    return editing.edit_tracks(
        database, principal=caller, track_ids=body.track_ids, changes=changes
    )


@router.post("/tracks/bulk-delete", openapi_extra=DELETE)
async def delete_tracks(body: BulkDelete, database: Database, caller: Caller) -> BulkReply:
    return editing.delete_tracks(database, principal=caller, track_ids=body.track_ids)


@router.post("/tracks/bulk-restore", openapi_extra=needs(Permission.ADMIN_SYSTEM))
async def restore_tracks(body: BulkRestore, database: Database, caller: Caller) -> BulkReply:
    """Takes deleted tracks out of the trash; refused are those that are not in it any more."""
    return deleted.restore_tracks(database, track_ids=body.track_ids)


@router.post("/tracks/{track_id}/play", openapi_extra=READ | at_most(600, seconds=60))
async def record_play(
    track_id: UUID,
    request: Request,
    database: Database,
    caller: Caller,
    body: PlayRequest | None = None,
    idempotency_key: Annotated[str | None, Header()] = None,
) -> PlayReply:
    """Counts a play; with a `key` in the body or the header, once however often it is sent."""
    play = body or PlayRequest()
    key = play.key if idempotency_key is None else checked(idempotency_key)
    return plays.record_play(
        database,
        principal=caller,
        track_id=track_id,
        play=play,
        key=play.key or key,
        client=request.client.host if request.client else "",
    )


@router.get("/genres", openapi_extra=READ)
async def list_genres(
    request: Request,
    response: Response,
    database: Database,
    caller: Caller,
    q: Word = None,
    page: PageNumber = 1,
    limit: Limit = 1000,
) -> list[GenreReply]:
    """The known genres by category, then those that only tracks name."""
    genres, total = browse.list_genres(database, principal=caller, q=q, page=page, limit=limit)
    describe_page(request, response, total=total, page=page, has_next=page * limit < total)
    return genres


@router.get("/artists", openapi_extra=READ)
async def list_artists(
    request: Request,
    response: Response,
    database: Database,
    caller: Caller,
    q: Word = None,
    sort: Annotated[BrowseSort, Query(description=BROWSE_SORT)] = "name",
    cursor: TrackCursor = None,
    limit: Limit = 100,
) -> list[ArtistReply]:
    """Each artist by himself, also of tracks that have several."""
    artists, total, following = browse.list_artists(
        database, principal=caller, q=q, sort=sort, cursor=cursor, limit=limit
    )
    describe_page(request, response, total=total, cursor=following)
    return artists


@router.get("/albums", openapi_extra=READ)
async def list_albums(
    request: Request,
    response: Response,
    database: Database,
    caller: Caller,
    artist: Annotated[
        str | None, Query(max_length=255, description="The whole name of the album artist.")
    ] = None,
    q: Word = None,
    sort: Annotated[BrowseSort, Query(description=BROWSE_SORT)] = "name",
    cursor: TrackCursor = None,
    limit: Limit = 100,
) -> list[AlbumReply]:
    """By album artist, who is the artist where a track names none."""
    albums, total, following = browse.list_albums(
        database, principal=caller, artist=artist, q=q, sort=sort, cursor=cursor, limit=limit
    )
    describe_page(request, response, total=total, cursor=following)
    return albums
