from djamms.api.route import create_router, not_yet, signed_in

router = create_router("/api/user", tag="library")

not_yet(router, "GET", "/favorites", signed_in())
not_yet(router, "POST", "/favorites/{track_id}", signed_in())
not_yet(router, "DELETE", "/favorites/{track_id}", signed_in())
not_yet(router, "GET", "/starred-playlists", signed_in())
not_yet(router, "POST", "/starred-playlists/{playlist_id}", signed_in())
not_yet(router, "DELETE", "/starred-playlists/{playlist_id}", signed_in())
not_yet(router, "GET", "/history", signed_in())
not_yet(router, "GET", "/search-history", signed_in())
not_yet(router, "DELETE", "/search-history", signed_in())
