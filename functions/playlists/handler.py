from djamms.api.app import create_handler
from functions.playlists.history_routes import router as history
from functions.playlists.missing_routes import router as missing
from functions.playlists.routes import router as playlists
from functions.playlists.sharing_routes import router as sharing

# Addresses below /shared come before those below a playlist's id.
handler = create_handler("playlists", sharing, playlists, history, missing)
