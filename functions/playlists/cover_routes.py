from uuid import UUID

from djamms.api.route import Caller, Database, create_router, needs
from djamms.playlists import covers
from djamms.playlists.cover_schemas import CoverReply, CoverRequest
from djamms.security.permissions import Permission

READ, WRITE = needs(Permission.READ_PLAYLISTS), needs(Permission.WRITE_PLAYLISTS)

router = create_router("/api/playlists", tag="playlists")


@router.get("/{playlist_id}/cover", openapi_extra=READ)
async def get_cover(playlist_id: UUID, database: Database, caller: Caller) -> CoverReply:
    """How far the picture is that was sent last, and what is shown."""
    return covers.get_cover(database, principal=caller, playlist_id=playlist_id)


@router.put("/{playlist_id}/cover", openapi_extra=WRITE)
async def request_cover(
    playlist_id: UUID, body: CoverRequest, database: Database, caller: Caller
) -> CoverReply:
    """Answers where to send the picture; it is shown a moment after it has arrived."""
    return covers.request_cover(database, principal=caller, playlist_id=playlist_id, asked=body)


@router.delete("/{playlist_id}/cover", openapi_extra=WRITE)
async def remove_cover(playlist_id: UUID, database: Database, caller: Caller) -> CoverReply:
    """From then on the playlist shows a mosaic of its tracks' artwork."""
    return covers.remove_cover(database, principal=caller, playlist_id=playlist_id)
