from typing import Any

from djamms.api.route import create_router, needs, not_yet, public, signed_in
from djamms.security.permissions import Permission

READ, WRITE = needs(Permission.READ_PLAYLISTS), needs(Permission.WRITE_PLAYLISTS)

router = create_router("/api", tag="spotify")


# Nobody can connect an account yet, so for every caller the answer is that of "not connected".
@router.get("/integrations/spotify/playlists", openapi_extra=READ)
async def list_playlists() -> list[dict[str, Any]]:
    return []


@router.get("/integrations/spotify/tracks/{playlist_id}", openapi_extra=READ)
async def list_playlist_tracks(playlist_id: str) -> list[dict[str, Any]]:
    return []


not_yet(router, "GET", "/integrations/spotify/auth", signed_in())
not_yet(router, "POST", "/integrations/spotify/callback", signed_in())
not_yet(router, "GET", "/auth/spotify/callback", public())
not_yet(router, "POST", "/integrations/spotify/import", WRITE)
not_yet(router, "DELETE", "/integrations/spotify/disconnect", signed_in())
