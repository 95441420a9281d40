"""The local API Gateway: one ASGI application in front of the functions."""

import asyncio
import logging
import time
import uuid
import zlib
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import replace
from typing import Any

from local.assembly import Api
from local.gateway_event import HttpRequest, build_event, raw_path, request_of
from local.gateway_reply import (
    BAD_ENCODING,
    BAD_FUNCTION,
    BROKEN,
    NO_ROUTE,
    THROTTLED,
    TIMED_OUT,
    TOO_LARGE,
    MalformedReply,
    Refusal,
    Reply,
    compressed,
    function_reply,
    refusal_reply,
)
from local.gateway_routes import Match, Router
from local.invocation import PayloadTooLarge, Throttled
from local.runtime import Runtime

type Scope = MutableMapping[str, Any]
type Message = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]
type AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_BODY_BYTES = 10 * 1024 * 1024

logger = logging.getLogger(__name__)


class _Refused(Exception):
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


class FunctionFailed(Exception):
    """The function raised, or its process ended; its log says why."""


_REFUSALS: dict[type[Exception], Refusal] = {
    FunctionFailed: BAD_FUNCTION,
    PayloadTooLarge: TOO_LARGE,
    Throttled: THROTTLED,
    TimeoutError: TIMED_OUT,
}


class _Gone(Exception):
    """The client left before its request was complete."""


class Gateway:
    """Routes, limits and errors of one REST API; `mounts` are local paths beside it, and
    `refuse` answers instead of a function what this machine cannot take."""

    def __init__(
        self,
        api: Api,
        runtime: Runtime,
        *,
        mounts: Mapping[str, AsgiApp] | None = None,
        access_log: Callable[[dict[str, Any]], None] | None = None,
        refuse: Callable[[HttpRequest, str], Reply | None] = lambda _request, _request_id: None,
    ) -> None:
        self._api, self._runtime = api, runtime
        self._router = Router(api.routes)
        self._mounts = dict(mounts or {})
        self._access_log, self._refuse = access_log, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        started = time.perf_counter()
        path = raw_path(scope)
        for prefix, app in self._mounts.items():
            if path == prefix or path.startswith(f"{prefix}/"):
                await self._mounted(app, prefix, scope, receive, send)
                return
        request_id = str(uuid.uuid4())
        match = self._router.match(scope["method"], path)
        try:
            request, reply = await self._reply(scope, receive, match, request_id)
        except _Gone:
            return
        reply = compressed(reply, request, self._api.minimum_compression_size)
        await _send(reply, send, scope["method"], request_id)
        target = match.route.function if match else None
        self._log(request_id, request.method, path, reply.status, target, started)

    async def _reply(
        self, scope: Scope, receive: Receive, match: Match | None, request_id: str
    ) -> tuple[HttpRequest, Reply]:
        request = request_of(scope, b"")
        if match is None:
            return request, refusal_reply(NO_ROUTE, self._api, request, request_id)
        try:
            request = await self._read(scope, receive)
            if refused := self._refuse(request, request_id):
                return request, refused
            return request, await self._call(request, match, request_id)
        except _Refused as error:
            return request, refusal_reply(error.refusal, self._api, request, request_id)

    async def _read(self, scope: Scope, receive: Receive) -> HttpRequest:
        request = request_of(scope, await _body(receive))
        if self._api.minimum_compression_size is None:
            return request
        return _decompressed(request)

    async def _call(self, request: HttpRequest, match: Match, request_id: str) -> Reply:
        name = match.route.function
        try:
            return await self._invoke(request, match, request_id)
        except MalformedReply as error:
            logger.warning("%s returned no proxy response: %s", name, error)
            raise _Refused(BAD_FUNCTION) from None
        except tuple(_REFUSALS) as error:
            raise _Refused(_REFUSALS[type(error)]) from None
        except Exception:  # the edge: a client gets the gateway's own error, never a traceback
            logger.exception("%s could not be called", name)
            raise _Refused(BROKEN) from None

    async def _invoke(self, request: HttpRequest, match: Match, request_id: str) -> Reply:
        event = build_event(request, match, self._api, request_id)
        async with asyncio.timeout(match.route.timeout_seconds):
            result = await self._runtime.invoke(match.route.function, event, request_id)
        if result.error is not None:
            raise FunctionFailed
        return function_reply(result.payload, request, self._api)

    async def _mounted(
        self, app: AsgiApp, prefix: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        started, status = time.perf_counter(), 0

        async def observe(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        await app(scope, receive, observe)
        # Without the query: it holds the signature.
        self._log(str(uuid.uuid4()), scope["method"], raw_path(scope), status, prefix, started)

    def _log(
        self, request_id: str, method: str, path: str, status: int, target: str | None, since: float
    ) -> None:
        if self._access_log is not None:
            self._access_log(
                {
                    "request_id": request_id,
                    "method": method,
                    "path": path,
                    "status": status,
                    "elapsed_ms": round((time.perf_counter() - since) * 1000, 2),
                    "target": target,
                }
            )


async def _body(receive: Receive) -> bytes:
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Gone
        part, more = message.get("body", b""), message.get("more_body", False)
        size += len(part)
        if size > MAX_BODY_BYTES:  # the server discards what is still to come
            raise _Refused(TOO_LARGE)
        parts.append(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _decompressed(request: HttpRequest) -> HttpRequest:
    """An API that compresses also takes compressed bodies."""
    if request.header("content-encoding").lower() not in ("gzip", "deflate"):
        return request
    unpacker = zlib.decompressobj(47)  # gzip or zlib, told by the header
    try:
        body = unpacker.decompress(request.body, MAX_BODY_BYTES + 1)
    except zlib.error:
        raise _Refused(BAD_ENCODING) from None
    if len(body) > MAX_BODY_BYTES:
        raise _Refused(TOO_LARGE)
    if not unpacker.eof:
        raise _Refused(BAD_ENCODING)
    headers = tuple((k, v) for k, v in request.headers if k != "content-encoding")
    return replace(request, headers=headers, body=body)


async def _send(reply: Reply, send: Send, method: str, request_id: str) -> None:
    headers = [
        *reply.headers,
        (b"content-length", str(len(reply.body)).encode()),
        (b"x-amzn-requestid", request_id.encode()),
    ]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else reply.body})
