from djamms.api.app import create_handler
from functions.settings.routes import router

handler = create_handler("settings", router)
