from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from djamms.api.route import Caller, Database, create_router, needs, not_yet, refuse_unknown
from djamms.search import service
from djamms.search.schemas import SearchQuery, SearchReply
from djamms.security.permissions import Permission
from functions.search.visitors import read_visitor

READ = needs(Permission.READ_TRACKS)
ASKED = SearchQuery.model_json_schema()["properties"]
PARAMETERS: dict[str, Any] = {
    "parameters": [
        {"name": name, "in": "query", "required": False, "schema": schema}
        for name, schema in ASKED.items()
    ]
}

router = create_router("/api/music", tag="search")


@router.get("/search", response_model=SearchReply, openapi_extra={**READ, **PARAMETERS})
async def search(request: Request, database: Database, caller: Caller) -> Response:
    query = read_query(request)
    found = service.search(database, principal=caller, query=query, visitor=read_visitor(request))
    return Response(found, media_type="application/json")


def read_query(request: Request) -> SearchQuery:
    """As a parameter of the route it would take ten times as long."""
    refuse_unknown(request, frozenset(ASKED))
    try:
        return SearchQuery.model_validate(dict(request.query_params))
    except ValidationError as error:
        problems = [{**one, "loc": ("query", *one["loc"])} for one in error.errors()]
        raise RequestValidationError(problems) from error


not_yet(router, "GET", "/suggest", READ)
