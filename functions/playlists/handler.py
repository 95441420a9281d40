from djamms.api.app import create_handler
from functions.playlists import (
    cover_routes,
    exchange_routes,
    history_routes,
    routes,
    rule_routes,
    sharing_routes,
)

# Addresses below /shared come before those below a playlist's id.
handler = create_handler(
    "playlists",
    sharing_routes.router,
    routes.router,
    history_routes.router,
    rule_routes.router,
    cover_routes.router,
    exchange_routes.router,
)
