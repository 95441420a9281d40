"""docs/openapi.json: the interfaces of all API functions in one document, made from the code."""

import json
import re
from importlib import import_module
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from djamms import __version__
from djamms.api import idempotency
from djamms.api.examples import ERRORS
from djamms.api.route import EXTENSION as PERMISSION
from djamms.api.route import PUBLIC
from djamms.api.schema import ErrorReply
from local import api_errors, api_examples, api_headers
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
    """Of `routes` and of what a function has beside it: `account_routes` and the like."""
    files = (ROOT / "functions").glob("*/*routes.py")
    names = sorted((path.parent.name, path.stem != "routes", path.stem) for path in files)
    return [import_module(f"functions.{name}.{stem}").router for name, _, stem in names]


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
                api_headers.describe(method, operation)
                api_headers.complete_not_modified(operation)
                operation["responses"] = dict(sorted(operation["responses"].items()))
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
        responses.pop("200", None)
    responses.pop("422", None)
    for status, response in responses.items():
        if int(status) < 400:
            api_examples.add_to_content(response.get("content", {}))
        else:
            response |= api_errors.stated_response(int(status), response["description"])
    for name in api_errors.names(path, operation):
        shared = {"$ref": f"#/components/responses/{name}"}
        responses.setdefault(str(ERRORS[name].status), shared)


def _complete(components: Json, document: Json) -> None:
    schemas = components["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused)
    schemas["ErrorReply"] = ErrorReply.model_json_schema(by_alias=True)
    schemas |= api_examples.missing_schemas(document)
    used = json.dumps(document["paths"])
    components["responses"] = {
        name: api_errors.error_response(error)
        for name, error in ERRORS.items()
        if f'responses/{name}"' in used
    }
    components["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    }


def render() -> str:
    return json.dumps(build(), indent=2, ensure_ascii=False) + "\n"
