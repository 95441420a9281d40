from djamms.api.app import create_handler
from functions.library.routes import router

handler = create_handler("library", router)
