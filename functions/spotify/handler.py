from djamms.api.app import create_handler
from functions.spotify.routes import router

handler = create_handler("spotify", router)
