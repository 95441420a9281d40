from djamms.api.app import create_handler
from functions.system.routes import router

handler = create_handler("system", router)
