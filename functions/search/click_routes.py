from fastapi import Request

from djamms.api.limits import at_most
from djamms.api.route import Caller, Database, create_router, needs
from djamms.search.analytics import clicks
from djamms.search.analytics.schemas import ClickRequest
from djamms.security.permissions import Permission
from functions.search.visitors import SESSION_HEADER, read_visitor

# Faster than anyone opens what they find; a room of guests may stand behind one address.
CLICKS = at_most(600, seconds=60)

router = create_router("/api/music/search", tag="search")


@router.post(
    "/click",
    status_code=204,
    responses={404: {"description": "There is no such search of yours in the last six hours."}},
    openapi_extra={**needs(Permission.READ_TRACKS), **CLICKS, "parameters": [SESSION_HEADER]},
)
async def click(request: Request, body: ClickRequest, database: Database, caller: Caller) -> None:
    """Tells what was opened of a search's results, for the reports on how well search works. The
    same thing twice counts once, and of one search fifty do. A position that the search did not
    reach is refused."""
    clicks.click(database, principal=caller, visitor=read_visitor(request), clicked=body)
