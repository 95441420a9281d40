from djamms.api.app import create_handler
from djamms.config import Config
from functions.music.routes import router

handler = create_handler(
    "music",
    router,
    settings=(Config.media_bucket, Config.cdn_key_id, Config.cdn_private_key),
)
