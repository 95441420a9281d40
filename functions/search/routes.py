from typing import Annotated

from fastapi import Query, Response

from djamms.api.route import Caller, Database, create_router, needs, not_yet
from djamms.search import service
from djamms.search.schemas import SearchQuery, SearchReply
from djamms.security.permissions import Permission

READ = needs(Permission.READ_TRACKS)

router = create_router("/api/music", tag="search")


@router.get("/search", response_model=SearchReply, openapi_extra=READ)
async def search(
    query: Annotated[SearchQuery, Query()], database: Database, caller: Caller
) -> Response:
    found = service.search(database, principal=caller, query=query)
    return Response(found, media_type="application/json")


not_yet(router, "GET", "/suggest", READ)
