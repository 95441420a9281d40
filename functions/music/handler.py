from djamms.api.app import create_handler
from functions.music.routes import router

handler = create_handler("music", router)
