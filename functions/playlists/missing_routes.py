from typing import Annotated
from uuid import UUID

from fastapi import Query

from djamms.api.route import Caller, Database, create_router, needs
from djamms.playlists import missing
from djamms.playlists.schemas import PlaylistTrack
from djamms.security.permissions import Permission

router = create_router("/api/playlists", tag="playlists")


@router.get("/{playlist_id}/missing", openapi_extra=needs(Permission.READ_PLAYLISTS))
async def list_missing(
    playlist_id: UUID,
    database: Database,
    caller: Caller,
    limit: Annotated[int, Query(ge=1, le=1000)] = 1000,
) -> list[PlaylistTrack]:
    """The entries whose track is not there now, in order: `missing`, or `hidden` from others.
    `position` is the rank that each takes when it is back alone."""
    return missing.list_missing(database, principal=caller, playlist_id=playlist_id, limit=limit)
