"""The entries of the plan. Each address that changes one has the client module's as well."""

from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Header, Path, Query, Response

from djamms.api.conditional import etag_of, matching
from djamms.api.idempotency import repeatable
from djamms.api.paging import Limit
from djamms.api.route import Caller, Database, create_router, needs
from djamms.api.schema import Deleted
from djamms.scheduler import editing, service
from djamms.scheduler.entry_schemas import SavedSchedule, ScheduleChanges, ScheduleRequest
from djamms.scheduler.identity import entry_id_of
from djamms.scheduler.schemas import ScheduleReply
from djamms.security.permissions import Permission

READ, WRITE = needs(Permission.READ_SCHEDULES), needs(Permission.WRITE_SCHEDULES)
DELETE = needs(Permission.DELETE_SCHEDULES)
CONFLICTS: dict[int | str, dict[str, Any]] = {
    409: {"description": "This conflicts with other entries; nothing was saved."}
}
CHANGED: dict[int | str, dict[str, Any]] = {
    412: {"description": "This has changed since you read it. Read it again."}
}


class OnConflict(StrEnum):
    ALLOW = "allow"
    REJECT = "reject"


async def _entry_id(
    entry_id: Annotated[str, Path(min_length=1, max_length=100)],
) -> UUID:
    return entry_id_of(entry_id)


EntryId = Annotated[UUID, Depends(_entry_id)]
Wish = Annotated[OnConflict, Query(alias="onConflict")]

router = create_router("/api/scheduler", tag="scheduler")


@router.get("/schedules", openapi_extra=READ)
async def list_schedules(
    response: Response,
    database: Database,
    caller: Caller,
    active: bool | None = None,
    limit: Limit = 1000,
) -> list[ScheduleReply]:
    """By their start. Who may change the plan sees those that are switched off, too."""
    schedules, total = service.list_schedules(
        database, principal=caller, is_active=active, limit=limit
    )
    response.headers["X-Total-Count"] = str(total)
    return schedules


@router.get("/schedules/{entry_id}", openapi_extra=READ)
async def get_schedule(entry_id: EntryId, database: Database, caller: Caller) -> ScheduleReply:
    return service.get_schedule(database, principal=caller, entry_id=entry_id)


@router.post("/schedules", status_code=201, openapi_extra=WRITE | repeatable(), responses=CONFLICTS)
@router.post(
    "/create",
    status_code=201,
    openapi_extra=WRITE | repeatable(),
    responses=CONFLICTS,
    name="create_schedule_too",
)
async def create_schedule(
    body: ScheduleRequest,
    response: Response,
    database: Database,
    caller: Caller,
    on_conflict: Wish = OnConflict.ALLOW,
) -> SavedSchedule:
    """What conflicts is saved all the same, and its conflicts are in the reply, unless they are to
    be rejected. The same entry sent again, by an id of the client's, is the one that there is."""
    is_picky = on_conflict == OnConflict.REJECT
    saved = editing.create_schedule(database, principal=caller, words=body, is_picky=is_picky)
    response.headers["Location"] = f"/api/scheduler/schedules/{saved.id}"
    response.headers["ETag"] = _etag(saved)
    return saved


@router.put("/schedules/{entry_id}", openapi_extra=WRITE, responses=CONFLICTS | CHANGED)
@router.put(
    "/update/{entry_id}",
    openapi_extra=WRITE,
    responses=CONFLICTS | CHANGED,
    name="update_schedule_too",
)
async def update_schedule(
    entry_id: EntryId,
    body: ScheduleChanges,
    response: Response,
    database: Database,
    caller: Caller,
    on_conflict: Wish = OnConflict.ALLOW,
    if_match: Annotated[str | None, Header()] = None,
) -> SavedSchedule:
    saved = editing.update_schedule(
        database,
        principal=caller,
        entry_id=entry_id,
        words=body,
        check=matching(if_match),
        is_picky=on_conflict == OnConflict.REJECT,
    )
    response.headers["ETag"] = _etag(saved)
    return saved


@router.delete("/schedules/{entry_id}", openapi_extra=DELETE)
@router.delete("/delete/{entry_id}", openapi_extra=DELETE, name="delete_schedule_too")
async def delete_schedule(entry_id: EntryId, database: Database, caller: Caller) -> Deleted:
    editing.delete_schedule(database, principal=caller, entry_id=entry_id)
    return Deleted(id=str(entry_id), deleted=True)


def _etag(saved: SavedSchedule) -> str:
    """The one that reading the entry would show now."""
    return etag_of(saved.model_dump_json(by_alias=True, exclude={"conflicts"}).encode())
