"""In this function, because both need nothing but the database, and queues are read seldom: a
function of its own would always start cold."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from djamms.api.limits import at_most
from djamms.api.paging import Limit, PageNumber, describe_page
from djamms.api.route import Caller, Database, create_router, needs, signed_in
from djamms.moderation import flags, queue, service
from djamms.moderation.schemas import (
    ActReply,
    ActRequest,
    Case,
    CaseDetails,
    FlagReply,
    FlagRequest,
    QueueState,
)
from djamms.security.permissions import Permission

MODERATE = needs(Permission.MODERATE_CONTENT)
# More than anyone who listens comes across; a program that flags everything stops here.
FLAGS = at_most(30, seconds=3600)

router = create_router("/api/moderation", tag="moderation")


@router.post("/flags", status_code=201, openapi_extra=signed_in() | FLAGS)
async def flag(body: FlagRequest, database: Database, caller: Caller) -> FlagReply:
    """Reports a track or a public playlist to the moderators. A second report of the same thing
    answers with the first one while that is open."""
    return flags.flag(database, principal=caller, **body.model_dump())


@router.get("/queue", openapi_extra=MODERATE)
async def list_cases(
    request: Request,
    response: Response,
    database: Database,
    state: Annotated[
        QueueState, Query(description="`open` reports, what is `hidden`, or `all` ever reported.")
    ] = QueueState.OPEN,
    page: PageNumber = 1,
    limit: Limit = 100,
) -> list[Case]:
    """What was reported, each thing once, most reports first."""
    cases, total = queue.list_cases(database, state=state, page=page, limit=limit)
    describe_page(request, response, total=total, page=page, has_next=page * limit < total)
    return cases


@router.get("/queue/{thing_id}", openapi_extra=MODERATE)
async def get_case(thing_id: UUID, database: Database) -> CaseDetails:
    """A track or a playlist with all its reports, and what was done about them, newest first."""
    return queue.get_case(database, thing_id=thing_id)


@router.post("/queue/{thing_id}/hide", openapi_extra=MODERATE)
async def hide(thing_id: UUID, body: ActRequest, database: Database, caller: Caller) -> CaseDetails:
    """Out of all lists, search, streams and playlists at once; its open reports are upheld."""
    return service.hide(database, principal=caller, thing_id=thing_id, note=body.note)


@router.post("/queue/{thing_id}/restore", openapi_extra=MODERATE)
async def restore(
    thing_id: UUID, body: ActRequest, database: Database, caller: Caller
) -> CaseDetails:
    """Back to where it was; reports that are open are dismissed."""
    return service.restore(database, principal=caller, thing_id=thing_id, note=body.note)


@router.post("/queue/{thing_id}/dismiss", openapi_extra=MODERATE)
async def dismiss(
    thing_id: UUID, body: ActRequest, database: Database, caller: Caller
) -> CaseDetails:
    """Nothing is wrong with it: its open reports are closed, and it stays as it is."""
    return service.dismiss(database, principal=caller, thing_id=thing_id, note=body.note)


@router.get("/log", openapi_extra=MODERATE)
async def list_acts(
    request: Request,
    response: Response,
    database: Database,
    page: PageNumber = 1,
    limit: Limit = 100,
) -> list[ActReply]:
    """Everything that moderators did, newest first. Nothing is ever changed in it."""
    lines, total = queue.list_acts(database, page=page, limit=limit)
    describe_page(request, response, total=total, page=page, has_next=page * limit < total)
    return lines
