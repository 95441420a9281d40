"""The plan as iCalendar files, to which a calendar can subscribe. What writes them is imported
where it is used: 4 ms of a cold start."""

from typing import Annotated, Any

from fastapi import Path, Response

from djamms.api.route import Caller, Database, create_router, needs
from djamms.scheduler.identity import entry_id_of
from djamms.security.permissions import Permission

READ = needs(Permission.READ_SCHEDULES)
MEDIA_TYPE = "text/calendar; charset=utf-8"
EXPORTED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "An iCalendar file (RFC 5545).",
        "content": {"text/calendar": {"schema": {"type": "string"}}},
    }
}

router = create_router("/api/scheduler", tag="scheduler")


@router.get("/schedules.ics", openapi_extra=READ, responses=EXPORTED, response_class=Response)
async def export_plan(database: Database, caller: Caller) -> Response:
    """All active entries, each as an event that recurs in its own time zone."""
    from djamms.scheduler import exporting

    return _file(exporting.export_plan(database, principal=caller), "schedules")


@router.get(
    "/schedules/{entry_id}.ics", openapi_extra=READ, responses=EXPORTED, response_class=Response
)
async def export_entry(
    entry_id: Annotated[str, Path(min_length=1, max_length=100)],
    database: Database,
    caller: Caller,
) -> Response:
    from djamms.scheduler import exporting

    found = entry_id_of(entry_id)
    return _file(exporting.export_entry(database, principal=caller, entry_id=found), str(found))


def _file(content: str, name: str) -> Response:
    disposition = f'inline; filename="{name}.ics"'
    return Response(content, media_type=MEDIA_TYPE, headers={"Content-Disposition": disposition})
