import time
from collections.abc import MutableMapping
from typing import Any
from uuid import uuid4

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from djamms.api.errors import error_response
from djamms.api.limits import HEADERS
from djamms.observability import logger

# Replies are data: nothing in them is to be run, framed, guessed at, or told to others.
SECURITY = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"strict-transport-security", b"max-age=31536000"),
)


class RequestContext:
    """Gives each request its id, logs its outcome in one line, and renders what nobody caught."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = request_id_of(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        started = time.perf_counter()
        status, method = 500, scope["method"]
        if method == "HEAD":
            # As GET; whoever speaks HTTP to the client leaves the body out (RFC 9110 §9.3.2).
            scope["method"] = "GET"

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                stated = {name.lower() for name, _ in message["headers"]}
                added = [(b"x-request-id", request_id.encode()), *SECURITY, *_limits(scope)]
                message["headers"] += [pair for pair in added if pair[0] not in stated]
            await send(message)

        try:
            if method == "OPTIONS":
                await JSONResponse({})(scope, receive, send_with_id)  # a preflight never comes here
            else:
                await self.app(scope, receive, send_with_id)
        except Exception:  # noqa: BLE001 -- logged, and rendered for the caller
            # The edge of the function: whatever this is, the caller gets the error shape.
            logger.exception("unhandled_error")
            response = error_response(
                request_id,
                status=500,
                code="internal_error",
                message=f"Something went wrong on our side. Quote {request_id} when you report it.",
            )
            await response(scope, receive, send_with_id)
        _log_outcome(scope, method, status, started)


def _limits(scope: Scope) -> list[tuple[bytes, bytes]]:
    """Of a counted request, whatever became of it."""
    headers: dict[str, str] = scope["state"].get(HEADERS, {})
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


def request_id_of(scope: MutableMapping[str, Any]) -> str:
    """API Gateway's request id, or a new one outside of it."""
    context = scope.get("aws.event", {}).get("requestContext", {})
    return str(context.get("requestId") or uuid4())


def _log_outcome(scope: Scope, method: str, status: int, started: float) -> None:
    route = scope.get("route")
    logger.info(
        "request",
        extra={
            "method": method,
            "route": getattr(route, "path", scope["path"]),
            "status": status,
            "elapsed_ms": round((time.perf_counter() - started) * 1000, 1),
        },
    )
