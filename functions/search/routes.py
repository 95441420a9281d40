from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from djamms.api.route import Caller, Database, create_router, needs, refuse_unknown
from djamms.search import service
from djamms.search.schemas import SearchQuery, SearchReply, SuggestionsReply, SuggestQuery
from djamms.security.permissions import Permission
from functions.search.visitors import SESSION_HEADER, read_visitor

READ = needs(Permission.READ_TRACKS)


def parameters(model: type[BaseModel], *headers: dict[str, Any]) -> dict[str, Any]:
    asked = model.model_json_schema()["properties"]
    named = [
        {"name": name, "in": "query", "required": False, "schema": schema}
        for name, schema in asked.items()
    ]
    return {"parameters": [*named, *headers]}


router = create_router("/api/music", tag="search")


@router.get(
    "/search",
    response_model=SearchReply,
    openapi_extra={**READ, **parameters(SearchQuery, SESSION_HEADER)},
)
async def search(request: Request, database: Database, caller: Caller) -> Response:
    query = read_query(request, SearchQuery)
    found = service.search(database, principal=caller, query=query, visitor=read_visitor(request))
    return Response(found, media_type="application/json")


@router.get(
    "/suggest", response_model=SuggestionsReply, openapi_extra={**READ, **parameters(SuggestQuery)}
)
async def suggest(request: Request, database: Database, caller: Caller) -> Response:
    query = read_query(request, SuggestQuery)
    found = service.suggest(database, principal=caller, query=query)
    return Response(found.model_dump_json(by_alias=True), media_type="application/json")


def read_query[Query: BaseModel](request: Request, model: type[Query]) -> Query:
    """As a parameter of the route it would take ten times as long."""
    refuse_unknown(request, frozenset(model.model_fields))
    try:
        return model.model_validate(dict(request.query_params))
    except ValidationError as error:
        problems = [{**one, "loc": ("query", *one["loc"])} for one in error.errors()]
        raise RequestValidationError(problems) from error
