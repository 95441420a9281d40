from djamms.api.app import create_handler
from functions.auth import account_routes, audit_routes, routes, session_routes, user_routes

handler = create_handler(
    "auth",
    routes.router,
    account_routes.router,
    session_routes.router,
    user_routes.router,
    audit_routes.router,
)
