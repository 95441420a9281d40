from djamms.api.app import create_handler
from functions.scheduler import override_routes as overrides
from functions.scheduler import plan_routes as plan
from functions.scheduler import routes as entries

handler = create_handler("scheduler", *(part.router for part in (plan, overrides, entries)))
