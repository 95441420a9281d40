from djamms.api.app import create_handler
from functions.playlists import cover_routes, rule_routes
from functions.playlists.routes import router

handler = create_handler("playlists", router, rule_routes.router, cover_routes.router)
