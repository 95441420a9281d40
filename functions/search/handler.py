from djamms.api.app import create_handler
from functions.search import click_routes, report_routes, routes

handler = create_handler("search", routes.router, click_routes.router, report_routes.router)
