from uuid import UUID

from fastapi import Request, Response

from djamms.api.idempotency import repeatable
from djamms.api.limits import address_of
from djamms.api.route import Caller, Database, create_router, needs
from djamms.api.schema import Deleted
from djamms.scheduler import overrides
from djamms.scheduler.override_schemas import (
    OverrideReply,
    OverrideRequest,
    ResumedReply,
    StopRequest,
)
from djamms.security.permissions import Permission

READ, WRITE = needs(Permission.READ_SCHEDULES), needs(Permission.WRITE_SCHEDULES)

router = create_router("/api/scheduler", tag="scheduler")


@router.get("/overrides", openapi_extra=READ)
async def list_overrides(database: Database, caller: Caller) -> list[OverrideReply]:
    """Those that hold now, stops included: the one that wins first."""
    return overrides.list_overrides(database, principal=caller)


@router.post("/overrides", status_code=201, openapi_extra=WRITE | repeatable())
async def set_override(
    body: OverrideRequest,
    request: Request,
    response: Response,
    database: Database,
    caller: Caller,
) -> OverrideReply:
    """Plays a playlist from now on, whatever the entries say. Of several the newest plays; after
    its end an older one goes on that holds still."""
    address = address_of(request)
    override = overrides.set_override(database, body, principal=caller, source_ip=address)
    return _made(response, override)


@router.delete("/overrides/{override_id}", openapi_extra=WRITE)
async def cancel_override(
    override_id: UUID, request: Request, database: Database, caller: Caller
) -> Deleted:
    """The same again for one that has ended already. A stop is an override too."""
    overrides.cancel(database, override_id, principal=caller, source_ip=address_of(request))
    return Deleted(id=str(override_id), deleted=True)


@router.post("/stop", status_code=201, openapi_extra=WRITE | repeatable())
async def stop(
    request: Request,
    response: Response,
    database: Database,
    caller: Caller,
    body: StopRequest | None = None,
) -> OverrideReply:
    """Silence at once, above every override: for some minutes, or until `resume`."""
    wanted, address = body or StopRequest(), address_of(request)
    override = overrides.stop(database, wanted, principal=caller, source_ip=address)
    return _made(response, override)


@router.post("/resume", openapi_extra=WRITE)
async def resume(request: Request, database: Database, caller: Caller) -> ResumedReply:
    """Cancels every stop; the plan and its overrides go on as they stand now."""
    return overrides.resume(database, principal=caller, source_ip=address_of(request))


def _made(response: Response, override: OverrideReply) -> OverrideReply:
    response.headers["Location"] = f"/api/scheduler/overrides/{override.id}"
    return override
