"""docs/openapi.json: the interfaces of all API functions in one document, made from the code."""

import json
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from djamms import __version__, errors
from djamms.api import idempotency, limits
from djamms.api.route import EXTENSION as PERMISSION
from djamms.api.route import PUBLIC, SIGNED_IN
from djamms.api.schema import ErrorReply
from djamms.errors import DomainError
from local import api_examples
from local.api_examples import Json

ROOT = Path(__file__).parent.parent
# The function `system` serves it, by a link to this file.
DOCUMENT = ROOT / "docs" / "openapi.json"
METHODS = ("get", "post", "put", "patch", "delete", "head")
DESCRIPTION = (
    "The backend of a music system for venues and DJs. Times are ISO 8601 in UTC, durations "
    "seconds. Every error is `{error, message, requestId, details}`."
)


def routers() -> list[APIRouter]:
    folders = sorted(path.parent.name for path in (ROOT / "functions").glob("*/routes.py"))
    return [import_module(f"functions.{name}.routes").router for name in folders]


def build() -> Json:
    app = FastAPI(
        title="DJAMMS",
        version=__version__,
        description=DESCRIPTION,
        generate_unique_id_function=operation_id,
    )
    for router in routers():
        app.include_router(router)
    document = app.openapi()
    for path, item in document["paths"].items():
        for method in METHODS:
            if operation := item.get(method):
                _describe(path, operation)
    _complete(document["components"], document)
    return document


def operation_id(route: APIRoute) -> str:
    return f"{route.tags[0]}_{route.name}" if route.tags else route.name


def _describe(path: str, operation: Json) -> None:
    """A guest may call what is marked so: `{}` means no token."""
    operation.setdefault("security", [{"bearer": []}, {}])
    if operation[PERMISSION] == PUBLIC:
        operation["security"] = [{}]
    for parameter in _parameters(path, operation):
        api_examples.add_to_parameter(parameter)
    api_examples.add_to_content(operation.get("requestBody", {}).get("content", {}))
    _describe_responses(path, operation)


def _parameters(path: str, operation: Json) -> list[Json]:
    """The operation's, with those that no argument of the route stands for."""
    found: list[Json] = operation.get("parameters", [])
    named = {parameter["name"] for parameter in found}
    text = {"schema": {"type": "string"}}
    found += [
        {"name": name, "in": "path", "required": True} | text
        for name in re.findall(r"{(\w+)}", path)
        if name not in named
    ]
    if operation.get(idempotency.EXTENSION):
        schema = {"type": "string", "minLength": 1, "maxLength": idempotency.MAX_KEY_LENGTH}
        found.append({"name": "Idempotency-Key", "in": "header", "schema": schema})
    if found:
        operation["parameters"] = found
    return found


def _describe_responses(path: str, operation: Json) -> None:
    responses = operation["responses"]
    if "501" in responses:
        responses.pop("200")
    responses.pop("422", None)
    for status, response in responses.items():
        if int(status) < 400:
            api_examples.add_to_content(response.get("content", {}))
        else:
            response |= api_examples.stated_response(int(status), response["description"])
    for error in _errors(path, operation):
        shared = {"$ref": f"#/components/responses/{error.__name__}"}
        responses.setdefault(str(error.status), shared)
    responses["default"] = {"$ref": "#/components/responses/Unavailable"}


def _errors(path: str, operation: Json) -> Iterator[type[DomainError]]:
    """What follows from the operation's own description; `default` stands for the rest."""
    names = {parameter["name"] for parameter in operation.get("parameters", ())}
    body = operation.get("requestBody", {}).get("content", {})
    is_served = "501" not in operation["responses"]
    if is_served and names & {"cursor", "Idempotency-Key"}:
        yield errors.BadRequest
    yield errors.InvalidToken
    if operation[PERMISSION] not in {PUBLIC, SIGNED_IN}:
        yield errors.Forbidden
    if is_served and "{" in path:
        yield errors.NotFound
    if "multipart/form-data" in body:
        yield errors.PayloadTooLarge
    if is_served and (names or body):
        yield errors.Unprocessable
    if limits.EXTENSION in operation:
        yield errors.TooManyRequests


def _complete(components: Json, document: Json) -> None:
    schemas = components["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused)
    schemas["ErrorReply"] = ErrorReply.model_json_schema(by_alias=True)
    schemas |= api_examples.missing_schemas(document)
    components["responses"] = api_examples.error_responses()
    components["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    }


def render() -> str:
    return json.dumps(build(), indent=2, ensure_ascii=False) + "\n"
