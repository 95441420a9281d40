"""The event that API Gateway REST hands to a proxy function (payload format 1.0).

Source: "Input format of a Lambda function for proxy integration" in the API Gateway guide.
"""

import base64
import json
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote

from local.assembly import Api
from local.gateway_routes import Match

_HOP_BY_HOP = frozenset(
    {"connection", "expect", "keep-alive", "proxy-connection", "te", "transfer-encoding", "upgrade"}
)
# Characters that stand for themselves in a path; anything else arrives percent-encoded.
_PATH_SAFE = "/%:@!$&'()*+,;=-._~[]|"


@dataclass(frozen=True, slots=True)
class HttpRequest:
    method: str
    path: str  # percent-encoded, as sent
    query: str
    headers: tuple[tuple[str, str], ...]  # lower-case names
    body: bytes
    client: str
    protocol: str

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")


def request_of(scope: Mapping[str, Any], body: bytes) -> HttpRequest:
    headers = tuple((k.decode("latin-1"), v.decode("latin-1")) for k, v in scope["headers"])
    client = scope.get("client")
    return HttpRequest(
        scope["method"],
        raw_path(scope),
        scope["query_string"].decode("latin-1"),
        headers,
        body,
        client[0] if client else "127.0.0.1",
        f"HTTP/{scope['http_version']}",
    )


def raw_path(scope: Mapping[str, Any]) -> str:
    raw: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
    return quote(raw, safe=_PATH_SAFE)


def build_event(request: HttpRequest, match: Match, api: Api, request_id: str) -> bytes:
    headers = list(_forwarded(request, request_id))
    query = parse_qsl(request.query, keep_blank_values=True)
    body, is_base64 = _body(request, api.binary_media_types)
    event = {
        "resource": match.route.path,
        "path": request.path,
        "httpMethod": request.method,
        "headers": dict(headers),
        "multiValueHeaders": _grouped(headers),
        "queryStringParameters": dict(query) or None,
        "multiValueQueryStringParameters": _grouped(query) or None,
        "pathParameters": dict(match.parameters) or None,
        "stageVariables": None,
        "requestContext": _context(request, match, api, request_id),
        "body": body,
        "isBase64Encoded": is_base64,
    }
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


def is_binary(content_type: str, patterns: Iterable[str]) -> bool:
    """Whether a media type is one that the API treats as bytes."""
    media = content_type.partition(";")[0].strip().lower()
    main = media.partition("/")[0]
    return any(p in ("*/*", media, f"{main}/*") for p in patterns)


def _body(request: HttpRequest, binary: Iterable[str]) -> tuple[str | None, bool]:
    if not request.body:
        return None, False
    if is_binary(request.header("content-type"), binary):
        return base64.b64encode(request.body).decode(), True
    return request.body.decode("utf-8", errors="replace"), False


def _forwarded(request: HttpRequest, request_id: str) -> Iterable[tuple[str, str]]:
    seen = ""
    for name, value in request.headers:
        if name == "x-forwarded-for":
            seen = f"{value}, "
        elif name == "host":
            yield name, _host(request)
        elif name not in _HOP_BY_HOP:
            yield name, value
    yield "x-forwarded-for", f"{seen}{request.client}"
    yield "x-forwarded-proto", "http"
    yield "x-amzn-trace-id", f"Root=1-{request_id[:8]}-{request_id[-12:]}"


def _host(request: HttpRequest) -> str:
    """A name, perhaps with a port: API Gateway lets nothing else through, and [::1] is local."""
    host = request.header("host")
    return host if re.fullmatch(r"[\w.-]+(:[0-9]{1,5})?", host, re.ASCII) else "localhost"


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    return grouped


def _context(request: HttpRequest, match: Match, api: Api, request_id: str) -> dict[str, Any]:
    now = time.time()
    domain = _host(request).partition(":")[0]
    return {
        "accountId": "000000000000",
        "apiId": "local",
        "domainName": domain,
        "domainPrefix": domain.partition(".")[0],
        "extendedRequestId": request_id,
        "httpMethod": request.method,
        "identity": {"sourceIp": request.client, "userAgent": request.header("user-agent")},
        "path": request.path,
        "protocol": request.protocol,
        "requestId": request_id,
        "requestTime": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
        "requestTimeEpoch": int(now * 1000),
        "resourceId": match.route.path,
        "resourcePath": match.route.path,
        "stage": api.stage,
    }
