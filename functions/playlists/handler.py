from djamms.api.app import create_handler
from functions.playlists import cover_routes as covers
from functions.playlists import exchange_routes as exchange
from functions.playlists import history_routes as history
from functions.playlists import routes as playlists
from functions.playlists import rule_routes as rules
from functions.playlists import sharing_routes as sharing

# Addresses below /shared come before those below a playlist's id.
parts = (sharing, playlists, history, rules, covers, exchange)
handler = create_handler("playlists", *(part.router for part in parts))
