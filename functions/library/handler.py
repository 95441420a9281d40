from djamms.api.app import create_handler
from functions.library import moderation_routes, routes

handler = create_handler("library", routes.router, moderation_routes.router)
