from typing import Annotated

from fastapi import Query, Request, Response

from djamms.api.conditional import etag_of
from djamms.api.paging import Cursor, Limit, describe_page
from djamms.api.route import Caller, Database, create_router, needs
from djamms.scheduler import conflicting, planning, played, preview
from djamms.scheduler.candidate_schemas import CandidateWords, ChangeRequest
from djamms.scheduler.moments import Moment
from djamms.scheduler.plan_schemas import (
    ConflictsReply,
    CurrentReply,
    PlayedReply,
    PreviewReply,
    TimelineReply,
)
from djamms.security.permissions import Permission

READ, WRITE = needs(Permission.READ_SCHEDULES), needs(Permission.WRITE_SCHEDULES)
From = Annotated[Moment | None, Query(alias="from")]

router = create_router("/api/scheduler", tag="scheduler")


@router.get("/current", openapi_extra=READ)
async def get_current(
    response: Response, database: Database, caller: Caller, at: Moment | None = None
) -> CurrentReply:
    """What plays now, or at any instant: why, since when and until when, what is due as well and
    loses, and which entry plays next."""
    reply = planning.current(database, principal=caller, at=at)
    # Without `at`, which is another one each second: who polls hears of what changes.
    response.headers["ETag"] = etag_of(reply.model_dump_json(exclude={"at"}).encode())
    return reply


@router.get("/timeline", openapi_extra=READ)
async def get_timeline(
    database: Database, caller: Caller, from_: From = None, to: Moment | None = None
) -> TimelineReply:
    """The resolved plan, without a hole: from now, for seven days, where nothing is said; at most
    366 days."""
    return planning.timeline(database, principal=caller, from_=from_, until=to)


@router.get("/conflicts", openapi_extra=READ)
async def list_conflicts(
    words: Annotated[CandidateWords, Query()], database: Database, caller: Caller
) -> ConflictsReply:
    """Entries that are due while another plays, and times at which none is: in the next 14 days,
    and the conflicts around the clock changes of the next year, unless a time is given. With the
    words of an entry only the conflicts that it would cause or suffer; nothing is saved."""
    return conflicting.list_conflicts(database, words, principal=caller)


@router.post("/preview", openapi_extra=WRITE)
async def preview_change(body: ChangeRequest, database: Database, caller: Caller) -> PreviewReply:
    """What a change would do to the next 14 days; nothing is saved."""
    return preview.preview(database, body, principal=caller)


@router.get("/history", openapi_extra=READ)
async def list_played(
    request: Request,
    response: Response,
    database: Database,
    caller: Caller,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> list[PlayedReply]:
    """What became current, the newest first; `missed` where nobody was there to follow the plan
    at that time."""
    found = played.list_played(database, principal=caller, cursor=cursor, limit=limit)
    describe_page(request, response, total=found.total, cursor=found.next_cursor)
    return found.events
