from djamms.api.app import create_handler
from functions.playlists import rule_routes
from functions.playlists.routes import router

handler = create_handler("playlists", router, rule_routes.router)
