from djamms.api.app import create_handler
from functions.auth.account_routes import router as account_router
from functions.auth.routes import router

handler = create_handler("auth", router, account_router)
