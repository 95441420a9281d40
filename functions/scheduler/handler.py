from djamms.api.app import create_handler
from functions.scheduler import export_routes as exports
from functions.scheduler import override_routes as overrides
from functions.scheduler import plan_routes as plan
from functions.scheduler import routes as entries

# Addresses that end in .ics come before those of an entry's id.
parts = (plan, overrides, exports, entries)
handler = create_handler("scheduler", *(part.router for part in parts))
