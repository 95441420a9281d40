from djamms.api.app import create_handler
from functions.auth.routes import router

handler = create_handler("auth", router)
