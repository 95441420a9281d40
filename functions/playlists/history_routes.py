from typing import Annotated
from uuid import UUID

from fastapi import Path, Request, Response

from djamms.api.conditional import matching
from djamms.api.paging import Cursor, Limit, PageNumber, describe_page
from djamms.api.route import Caller, Database, create_router, needs
from djamms.playlists import entries, versions
from djamms.playlists.history_schemas import PlaylistEntryReply, PlaylistVersionReply
from djamms.playlists.precondition import Expected
from djamms.playlists.schemas import PlaylistOrder
from djamms.security.permissions import Permission
from functions.playlists.edits import CHANGED_MEANWHILE, IfMatch, Prefer, described, prefers_minimal

# What was taken out concerns those who edit: a reader's rights do not do.
EDIT = needs(Permission.WRITE_PLAYLISTS)
VersionNumber = Annotated[int, Path(ge=1, le=2_147_483_647)]

router = create_router("/api/playlists", tag="playlists")


@router.get("/{playlist_id}/entries", openapi_extra=EDIT)
async def list_all_entries(
    playlist_id: UUID,
    request: Request,
    response: Response,
    database: Database,
    caller: Caller,
    cursor: Cursor = None,
    limit: Limit = 1000,
) -> list[PlaylistEntryReply]:
    """All places of a playlist, those of missing tracks included."""
    found = entries.list_all(
        database, principal=caller, playlist_id=playlist_id, cursor=cursor, limit=limit
    )
    describe_page(request, response, total=found.total, cursor=found.next_cursor)
    return found.entries


@router.get("/{playlist_id}/versions", openapi_extra=EDIT)
async def list_versions(
    playlist_id: UUID,
    request: Request,
    response: Response,
    database: Database,
    caller: Caller,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> list[PlaylistVersionReply]:
    """What was done to a playlist, the newest first."""
    found = versions.list_versions(
        database, principal=caller, playlist_id=playlist_id, cursor=cursor, limit=limit
    )
    describe_page(request, response, total=found.total, cursor=found.next_cursor)
    return found.versions


@router.get("/{playlist_id}/versions/{version}", openapi_extra=EDIT)
async def get_version(
    playlist_id: UUID, version: VersionNumber, database: Database, caller: Caller
) -> PlaylistVersionReply:
    return versions.get_version(
        database, principal=caller, playlist_id=playlist_id, version=version
    )


@router.get("/{playlist_id}/versions/{version}/entries", openapi_extra=EDIT)
async def list_past_entries(
    playlist_id: UUID,
    version: VersionNumber,
    request: Request,
    response: Response,
    database: Database,
    caller: Caller,
    page: PageNumber = 1,
    limit: Limit = 1000,
) -> list[PlaylistEntryReply]:
    """What stood in it then."""
    past = versions.list_past_entries(
        database,
        principal=caller,
        playlist_id=playlist_id,
        version=version,
        page=page,
        limit=limit,
    )
    more = page * limit < past.total
    describe_page(request, response, total=past.total, page=page, has_next=more)
    return past.entries


@router.post(
    "/{playlist_id}/versions/{version}/restore",
    openapi_extra=EDIT,
    response_model=PlaylistOrder,
    responses=CHANGED_MEANWHILE,
)
async def restore_version(
    playlist_id: UUID,
    version: VersionNumber,
    database: Database,
    caller: Caller,
    if_match: IfMatch = None,
    prefer: Prefer = None,
) -> Response:
    """Makes what stood in it then a new version; what came since can be restored likewise."""
    restored = versions.restore(
        database,
        principal=caller,
        playlist_id=playlist_id,
        version=version,
        expected=Expected(check=matching(if_match)),
        is_whole=not prefers_minimal(prefer),
    )
    return described(restored)
