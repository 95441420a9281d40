"""The HTTP side of one worker: the AWS Lambda Runtime API and the secrets extension's API.

Every worker gets a listening port of its own, as in Lambda, where the sandbox's address needs no
path prefix (awslambdaric's init-error call does not take one).
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Protocol, cast

import httptools

_NEXT = b"/2018-06-01/runtime/invocation/next"
_INVOCATION = "/2018-06-01/runtime/invocation/"
_INIT_ERROR = b"/2018-06-01/runtime/init/error"
_SECRET = b"/secretsmanager/get"
_ACCEPTED = b'{"status":"OK"}'


class Endpoint(Protocol):
    """What a worker does with the calls of its process."""

    def next(self, connection: "RuntimeConnection") -> None: ...
    def finished(self, request_id: str, body: bytes) -> None: ...
    def failed(self, request_id: str, body: bytes) -> None: ...
    def init_failed(self, body: bytes) -> None: ...
    def secret(self, query: bytes, headers: Mapping[bytes, bytes]) -> tuple[int, bytes]: ...


class RuntimeConnection(asyncio.Protocol):
    """One keep-alive connection of the process inside the worker."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport | None = None
        self._url = b""
        self._headers: dict[bytes, bytes] = {}
        self._body: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is no subclass

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._transport = None

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.reply(400, b'{"errorMessage":"malformed request"}')
            if self._transport is not None:
                self._transport.close()

    # httptools calls these while it parses.

    def on_url(self, url: bytes) -> None:
        self._url, self._headers, self._body = url, {}, []

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.lower()] = value

    def on_headers_complete(self) -> None:
        if self._headers.get(b"expect") == b"100-continue" and self._transport is not None:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        body = b"".join(self._body)
        if self._url == _NEXT:
            self._endpoint.next(self)
        elif self._url.startswith(_SECRET):
            query = self._url.partition(b"?")[2]
            self.reply(*self._endpoint.secret(query, self._headers))
        elif self._url == _INIT_ERROR:
            self.reply(202, _ACCEPTED)
            self._endpoint.init_failed(body)
        else:
            self._answer(self._url.decode(), body)

    def _answer(self, url: str, body: bytes) -> None:
        request_id, _, kind = url.removeprefix(_INVOCATION).partition("/")
        calls: dict[str, Callable[[str, bytes], None]] = {
            "response": self._endpoint.finished,
            "error": self._endpoint.failed,
        }
        if kind not in calls:
            self.reply(404, b'{"errorMessage":"unknown path"}')
            return
        # First the answer to the waiting caller, then the one to the worker.
        calls[kind](request_id, body)
        self.reply(202, _ACCEPTED)

    def reply(self, status: int, body: bytes, headers: Mapping[str, Any] | None = None) -> None:
        if self._transport is None:
            return
        lines = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
        head = (
            f"HTTP/1.1 {status} -\r\nContent-Type: application/json\r\n"
            f"{lines}Content-Length: {len(body)}\r\n\r\n"
        )
        self._transport.write(head.encode() + body)
