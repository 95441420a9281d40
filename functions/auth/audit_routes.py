from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import AwareDatetime

from djamms.api.paging import Limit, PageNumber, describe_page
from djamms.api.route import Database, create_router, needs
from djamms.auth import auditing
from djamms.auth.audit_schemas import AuditReply
from djamms.auth.criteria import EventCriteria
from djamms.security.permissions import Permission

router = create_router("/api/auth/audit", tag="auth")


@router.get("", openapi_extra=needs(Permission.ADMIN_SYSTEM))
async def list_audit_events(
    request: Request,
    response: Response,
    database: Database,
    *,
    event: Annotated[str | None, Query(max_length=50)] = None,
    user_id: Annotated[UUID | None, Query(alias="userId")] = None,
    actor_id: Annotated[UUID | None, Query(alias="actorId")] = None,
    source_ip: Annotated[str | None, Query(alias="sourceIp", max_length=45)] = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    page: PageNumber = 1,
    cursor: Annotated[str | None, Query(max_length=20)] = None,
    limit: Limit = 100,
) -> list[AuditReply]:
    """Security events, newest first."""
    wanted = EventCriteria(
        event=event,
        user_id=user_id,
        actor_id=actor_id,
        source_ip=source_ip,
        since=since,
        until=until,
    )
    listing = auditing.list_events(database, wanted, page=page, cursor=cursor, limit=limit)
    describe_page(request, response, total=listing.total, cursor=listing.next_cursor, page=page)
    return listing.events
