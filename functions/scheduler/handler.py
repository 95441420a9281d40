from djamms.api.app import create_handler
from functions.scheduler.routes import router

handler = create_handler("scheduler", router)
