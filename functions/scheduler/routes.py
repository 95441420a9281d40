from fastapi import Response

from djamms.api.paging import Limit
from djamms.api.route import Database, create_router, needs, not_yet
from djamms.scheduler import service
from djamms.scheduler.schemas import ScheduleReply
from djamms.security.permissions import Permission

READ, WRITE = needs(Permission.READ_SCHEDULES), needs(Permission.WRITE_SCHEDULES)
DELETE = needs(Permission.DELETE_SCHEDULES)

router = create_router("/api/scheduler", tag="scheduler")


@router.get("/schedules", openapi_extra=READ)
async def list_schedules(
    response: Response,
    database: Database,
    limit: Limit = 1000,
) -> list[ScheduleReply]:
    schedules, total = service.list_schedules(database, limit=limit)
    response.headers["X-Total-Count"] = str(total)
    return schedules


not_yet(router, "POST", "/schedules", WRITE)
not_yet(router, "GET", "/schedules/{entry_id}", READ)
not_yet(router, "PUT", "/schedules/{entry_id}", WRITE)
not_yet(router, "DELETE", "/schedules/{entry_id}", DELETE)
not_yet(router, "POST", "/create", WRITE)
not_yet(router, "PUT", "/update/{entry_id}", WRITE)
not_yet(router, "DELETE", "/delete/{entry_id}", DELETE)
not_yet(router, "GET", "/conflicts", READ)
