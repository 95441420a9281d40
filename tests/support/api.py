"""Calls the functions' real handlers with the events that API Gateway would send."""

import base64
import json
import re
from dataclasses import dataclass, field
from importlib import import_module
from types import SimpleNamespace
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

# As in the REST API: the longest prefix wins.
ROUTES = {
    "/api/auth/spotify/callback": "spotify",
    "/api/auth": "auth",
    "/api/music/search": "search",
    "/api/music/suggest": "search",
    "/api/music": "music",
    "/api/playlists": "playlists",
    "/api/user": "library",
    "/api/moderation": "library",
    "/api/integrations/spotify": "spotify",
    "/api/scheduler": "scheduler",
    "/api/system": "system",
    "/api/settings": "settings",
    "/api/docs": "system",
    "/api/openapi.json": "system",
    "/api/health": "system",
    "/health": "system",
}
SOURCE_IP = "127.0.0.1"
# The index; as a prefix it would match everything.
EXACT = {"/": "system", "/api": "system"}


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    text: str

    def json(self) -> Any:
        return json.loads(self.text)


def next_link(reply: Reply) -> str:
    """The path of the next page; empty on the last one."""
    found = re.search(r'<http://localhost:3001([^>]*)>; rel="next"', reply.headers.get("link", ""))
    return found[1] if found else ""


@dataclass(frozen=True)
class Client:
    """`as_(token)` gives the same client with a caller."""

    headers: dict[str, str] = field(default_factory=dict)

    def as_(self, token: str) -> Self:
        return type(self)({"Authorization": f"Bearer {token}"})

    def get(self, path: str, **headers: str) -> Reply:
        return self.send("GET", path, headers=headers)

    def post(self, path: str, body: Any = None) -> Reply:
        return self.send("POST", path, body=body)

    def put(self, path: str, body: Any = None) -> Reply:
        return self.send("PUT", path, body=body)

    def delete(self, path: str) -> Reply:
        return self.send("DELETE", path)

    def send(
        self, method: str, path: str, *, body: Any = None, headers: dict[str, str] | None = None
    ) -> Reply:
        sent = {"Content-Type": "application/json", **self.headers, **(headers or {})}
        event = api_event(method, path, headers=sent, body=body)
        return invoke(event)


def invoke(event: dict[str, Any]) -> Reply:
    name = EXACT.get(event["path"]) or next(
        name for prefix, name in ROUTES.items() if (event["path"] + "/").startswith(prefix + "/")
    )
    module = import_module(f"functions.{name}.handler")
    context = SimpleNamespace(
        function_name=name,
        memory_limit_in_mb=512,
        invoked_function_arn=f"arn:aws:lambda:eu-central-1:000000000000:function:{name}",
        aws_request_id=str(uuid4()),
    )
    result = module.handler(event, context)
    headers = {key.lower(): value for key, value in result["headers"].items()}
    headers |= {key.lower(): values[-1] for key, values in result["multiValueHeaders"].items()}
    text = result["body"]
    if result["isBase64Encoded"]:
        text = base64.b64decode(text).decode()
    return Reply(result["statusCode"], headers, text)


def api_event(
    method: str, path: str, *, headers: dict[str, str], body: Any = None
) -> dict[str, Any]:
    """A Lambda proxy event of a REST API (payload format 1.0)."""
    parts = urlsplit(path)
    query = parse_qs(parts.query, keep_blank_values=True)
    text = body if isinstance(body, str | None) else json.dumps(body)
    return {
        "resource": "/{proxy+}",
        "path": parts.path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {key: [value] for key, value in headers.items()},
        "queryStringParameters": {key: values[-1] for key, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": {"proxy": parts.path.lstrip("/")},
        "stageVariables": None,
        "requestContext": {
            "requestId": str(uuid4()),
            "stage": "live",
            "httpMethod": method,
            "path": parts.path,
            "protocol": "HTTP/1.1",
            "identity": {"sourceIp": SOURCE_IP, "userAgent": "tests"},
        },
        "body": text,
        "isBase64Encoded": False,
    }
