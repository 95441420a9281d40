"""HTTP replies from what functions return, and the gateway's own error replies."""

import base64
import binascii
import json
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from local.assembly import Api, GatewayResponse
from local.gateway_event import HttpRequest, is_binary

_OWN = frozenset({"content-length", "transfer-encoding", "connection"})
# API Gateway renames these so that a function cannot pose as the gateway.
_REMAPPED = frozenset({"date", "server", "www-authenticate"})
_CONTEXT = re.compile(r"\$context\.([A-Za-z.]+)")


class MalformedReply(Exception):
    """The function returned something that is no proxy response."""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error of the gateway itself: its response type, default status and AWS's text."""

    type: str
    status: int
    message: str


NO_ROUTE = Refusal("MISSING_AUTHENTICATION_TOKEN", 403, "Missing Authentication Token")
TOO_LARGE = Refusal("REQUEST_TOO_LARGE", 413, "Request Too Long")
BAD_ENCODING = Refusal("BAD_REQUEST_BODY", 400, "Invalid request body")
THROTTLED = Refusal("THROTTLED", 429, "Too Many Requests")
BAD_FUNCTION = Refusal("DEFAULT_5XX", 502, "Internal server error")
BROKEN = Refusal("DEFAULT_5XX", 500, "Internal server error")
TIMED_OUT = Refusal("INTEGRATION_TIMEOUT", 504, "Endpoint request timed out")


def function_reply(payload: bytes, request: HttpRequest, api: Api) -> Reply:
    """The proxy response of a function as HTTP. Raises MalformedReply."""
    try:
        returned = json.loads(payload)
        status = int(returned["statusCode"])
        headers = list(_headers(returned))
        body = _body(returned, request, api)
    except (ValueError, TypeError, KeyError, AttributeError, binascii.Error) as error:
        raise MalformedReply(f"{type(error).__name__}: {error}") from error
    if not any(name.lower() == b"content-type" for name, _ in headers):
        headers.append((b"content-type", b"application/json"))
    return Reply(status, headers, body)


def refusal_reply(refusal: Refusal, api: Api, request: HttpRequest, request_id: str) -> Reply:
    """The configured gateway response, or what AWS answers without one."""
    default = "DEFAULT_4XX" if refusal.status < 500 else "DEFAULT_5XX"
    configured = api.responses.get(refusal.type) or api.responses.get(default)
    context = {
        "error.message": refusal.message,
        "error.messageString": json.dumps(refusal.message),
        "error.responseType": refusal.type,
        "httpMethod": request.method,
        "path": request.path,
        "requestId": request_id,
        "extendedRequestId": request_id,
    }
    body = _render(configured, context)
    headers = [(b"content-type", b"application/json")]
    headers += [
        (name.lower().encode(), value.encode())
        for name, value in (configured.headers if configured else {}).items()
    ]
    status = configured.status if configured and configured.status else refusal.status
    return Reply(status, headers, body.encode())


def compressed(reply: Reply, request: HttpRequest, minimum: int | None) -> Reply:
    """gzip for who accepts it, from the API's minimum size up."""
    if minimum is None or len(reply.body) < minimum:
        return reply
    if not _accepts_gzip(request) or any(n == b"content-encoding" for n, _ in reply.headers):
        return reply
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)  # level 1: the gateway shares two cores
    body = packer.compress(reply.body) + packer.flush()
    return Reply(reply.status, [*reply.headers, (b"content-encoding", b"gzip")], body)


def _accepts_gzip(request: HttpRequest) -> bool:
    for part in request.header("accept-encoding").lower().split(","):
        name, _, quality = part.strip().partition(";")
        if name.strip() in ("gzip", "*"):
            return quality.replace(" ", "") not in ("q=0", "q=0.0")
    return False


def _headers(returned: dict[str, Any]) -> Iterator[tuple[bytes, bytes]]:
    many: dict[str, list[Any]] = returned.get("multiValueHeaders") or {}
    named = {name.lower() for name in many}
    single = returned.get("headers") or {}
    pairs = [(name, value) for name, values in many.items() for value in values]
    pairs += [(name, value) for name, value in single.items() if name.lower() not in named]
    for name, value in pairs:
        lower = name.lower()
        if lower in _OWN:
            continue
        sent = f"x-amzn-remapped-{lower}" if lower in _REMAPPED else lower
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if "\n" in text or "\r" in text:
            raise MalformedReply(f"the header {name} has a line break")
        yield sent.encode("ascii"), text.encode("latin-1")


def _body(returned: dict[str, Any], request: HttpRequest, api: Api) -> bytes:
    body = returned.get("body")
    if body is None:
        return b""
    if not isinstance(body, str):
        raise MalformedReply("the body is no string")
    if not returned.get("isBase64Encoded"):
        return body.encode()
    # Bytes leave as bytes only if the first type that the client accepts is a binary one.
    accepted = request.header("accept").partition(",")[0] or "*/*"
    if is_binary(accepted, api.binary_media_types):
        return base64.b64decode(body, validate=True)
    return body.encode()


def _render(configured: GatewayResponse | None, context: dict[str, str]) -> str:
    template = configured.templates.get("application/json") if configured else None
    if template is None:
        template = '{"message":$context.error.messageString}'
    replace: Callable[[re.Match[str]], str] = lambda found: context.get(found[1].rstrip("."), "")  # noqa: E731
    return _CONTEXT.sub(replace, template)
