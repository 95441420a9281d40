"""docs/openapi.json: the interfaces of all API functions in one document, made from the code."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from djamms import __version__
from djamms.api.route import EXTENSION, PUBLIC
from djamms.api.schema import ErrorReply

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


def build() -> dict[str, Any]:
    app = FastAPI(
        title="DJAMMS",
        version=__version__,
        description=DESCRIPTION,
        generate_unique_id_function=operation_id,
    )
    for router in routers():
        app.include_router(router)
    document = app.openapi()
    components = document.setdefault("components", {})
    components["schemas"]["ErrorReply"] = ErrorReply.model_json_schema(by_alias=True)
    components["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    }
    for path in document["paths"].values():
        for method in METHODS:
            if operation := path.get(method):
                _describe(operation)
    return document


def operation_id(route: APIRoute) -> str:
    return f"{route.tags[0]}_{route.name}" if route.tags else route.name


def _describe(operation: dict[str, Any]) -> None:
    """Every error has the one shape; a guest may call what is marked so, `{}` means no token."""
    operation.setdefault("security", [{"bearer": []}, {}])
    if operation[EXTENSION] == PUBLIC:
        operation["security"] = [{}]
    error = {"$ref": "#/components/schemas/ErrorReply"}
    reply = {"description": "Error", "content": {"application/json": {"schema": error}}}
    operation["responses"].pop("422", None)
    operation["responses"]["default"] = reply


def render() -> str:
    return json.dumps(build(), indent=2, ensure_ascii=False) + "\n"
