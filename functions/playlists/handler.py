from djamms.api.app import create_handler
from functions.playlists.exchange_routes import router as exchange
from functions.playlists.routes import router

handler = create_handler("playlists", router, exchange)
