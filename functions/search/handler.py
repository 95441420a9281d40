from djamms.api.app import create_handler
from functions.search.routes import router

handler = create_handler("search", router)
