from uuid import UUID

from fastapi import Request, Response

from djamms.api.limits import at_most
from djamms.api.paging import Cursor, Limit, PageNumber, describe_page
from djamms.api.route import Caller, Database, create_router, signed_in
from djamms.api.schema import Deleted
from djamms.library import service, sync
from djamms.library.pages import Asked, Page
from djamms.library.schemas import (
    Cleared,
    FavoriteReply,
    FavoriteTrack,
    HiddenTrack,
    LocalLibrary,
    MergedLibrary,
    PlayedTrack,
    SearchEntry,
    StarredPlaylist,
    StarReply,
)

MINE = signed_in()

router = create_router("/api/user", tag="library")


@router.get("/favorites", openapi_extra=MINE)
async def list_favorites(
    request: Request,
    response: Response,
    database: Database,
    caller: Caller,
    page: PageNumber = 1,
    cursor: Cursor = None,
    limit: Limit = 1000,
) -> list[FavoriteTrack]:
    """Newest first. What is `missing` or `hidden` keeps its place, and heals when it is back."""
    found = service.list_favorites(
        database, principal=caller, asked=Asked(page=page, cursor=cursor, limit=limit)
    )
    return _described(request, response, found, page)


@router.post("/favorites/{track_id}", openapi_extra=MINE)
async def add_favorite(track_id: UUID, database: Database, caller: Caller) -> FavoriteReply:
    """Once or more often: it is a favorite since the first time."""
    return service.add_favorite(database, principal=caller, track_id=track_id)


@router.delete("/favorites/{track_id}", openapi_extra=MINE)
async def remove_favorite(track_id: UUID, database: Database, caller: Caller) -> Deleted:
    """`deleted` says whether it was one."""
    was_one = service.remove_favorite(database, principal=caller, track_id=track_id)
    return Deleted(id=str(track_id), deleted=was_one)


@router.get("/starred-playlists", openapi_extra=MINE)
async def list_starred(
    request: Request,
    response: Response,
    database: Database,
    caller: Caller,
    page: PageNumber = 1,
    cursor: Cursor = None,
    limit: Limit = 1000,
) -> list[StarredPlaylist]:
    """Those that the caller may read now, newest star first."""
    found = service.list_starred(
        database, principal=caller, asked=Asked(page=page, cursor=cursor, limit=limit)
    )
    return _described(request, response, found, page)


@router.post("/starred-playlists/{playlist_id}", openapi_extra=MINE)
async def star_playlist(playlist_id: UUID, database: Database, caller: Caller) -> StarReply:
    """Once or more often: it is starred since the first time."""
    return service.star(database, principal=caller, playlist_id=playlist_id)


@router.delete("/starred-playlists/{playlist_id}", openapi_extra=MINE)
async def unstar_playlist(playlist_id: UUID, database: Database, caller: Caller) -> Deleted:
    """`deleted` says whether it was starred."""
    was_one = service.unstar(database, principal=caller, playlist_id=playlist_id)
    return Deleted(id=str(playlist_id), deleted=was_one)


@router.get("/history", openapi_extra=MINE)
async def list_history(
    request: Request,
    response: Response,
    database: Database,
    caller: Caller,
    page: PageNumber = 1,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> list[PlayedTrack]:
    """What the caller played, last first; the same track as often as it was played."""
    found = service.list_history(
        database, principal=caller, asked=Asked(page=page, cursor=cursor, limit=limit)
    )
    return _described(request, response, found, page)


@router.get("/search-history", openapi_extra=MINE)
async def list_searches(
    request: Request,
    response: Response,
    database: Database,
    caller: Caller,
    page: PageNumber = 1,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> list[SearchEntry]:
    """What the caller searched for, last first. Kept unless the preference `saveSearchHistory`
    is false."""
    found = service.list_searches(
        database, principal=caller, asked=Asked(page=page, cursor=cursor, limit=limit)
    )
    return _described(request, response, found, page)


@router.delete("/search-history", openapi_extra=MINE)
async def clear_searches(database: Database, caller: Caller) -> Cleared:
    return Cleared(deleted=service.clear_searches(database, principal=caller))


@router.get("/hidden-tracks", openapi_extra=MINE)
async def list_hidden(
    request: Request,
    response: Response,
    database: Database,
    caller: Caller,
    page: PageNumber = 1,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> list[HiddenTrack]:
    """The caller's own uploads that a moderator hid, last first. Nobody else sees them."""
    found = service.list_hidden(
        database, principal=caller, asked=Asked(page=page, cursor=cursor, limit=limit)
    )
    return _described(request, response, found, page)


@router.put("/library", openapi_extra=MINE | at_most(60, seconds=60))
async def merge_library(body: LocalLibrary, database: Database, caller: Caller) -> MergedLibrary:
    """Merges lists that a client kept by itself with those that are here: both together, the newer
    time where both have one. What was taken back stays so unless it was added later. Sent again it
    changes nothing."""
    return sync.merge(database, principal=caller, local=body)


def _described[T](request: Request, response: Response, found: Page[T], page: int) -> list[T]:
    describe_page(request, response, total=found.total, cursor=found.next_cursor, page=page)
    return found.rows
