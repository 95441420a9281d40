from djamms.api.app import create_handler
from functions.system import docs, routes

handler = create_handler("system", routes.router, docs.router)
