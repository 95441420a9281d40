from djamms.api.app import create_handler
from functions.playlists import missing_routes, routes

handler = create_handler("playlists", routes.router, missing_routes.router)
