"""ETags, 304 and 412: a client that polls gets the body only when it changed, and one that edits
overwrites only what it saw (RFC 9110 §13)."""

from collections.abc import Callable
from hashlib import blake2b

from pydantic import BaseModel
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from djamms.errors import PreconditionFailed

DIGEST_BYTES = 12
# What a reply is for depends on who asks; the browser asks again each time, and gets 304.
REVALIDATE = "private, no-cache"


class ConditionalReplies:
    """Weak ETags of the body for each 200 to a GET that says nothing else about caching."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            await self.app(scope, receive, send)
            return
        start: Message = {}
        body = b""

        async def collect(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                return
            body += message.get("body", b"")
            if not message.get("more_body"):
                await _answer(Headers(scope=scope), start, body, send)

        await self.app(scope, receive, collect)


async def _answer(request: Headers, start: Message, body: bytes, send: Send) -> None:
    headers = MutableHeaders(raw=start["headers"])
    if start["status"] == 200 and "cache-control" not in headers:
        # A route whose body tells the time says itself what stands for the rest of it.
        etag = headers.setdefault("ETag", etag_of(body))
        headers["Cache-Control"] = REVALIDATE
        headers.add_vary_header("Authorization")
        if _matches(request.get("if-none-match", ""), etag):
            start["status"], body = 304, b""
            for name in ("content-length", "content-type"):
                del headers[name]
    await send(start)
    await send({"type": "http.response.body", "body": body})


def etag_of(body: bytes) -> str:
    return f'W/"{blake2b(body, digest_size=DIGEST_BYTES).hexdigest()}"'


def matching(wanted: str | None) -> Callable[[BaseModel], None] | None:
    """For an edit with `If-Match`: refuses what is not as the caller saw it.

    The tags are weak because the gateway may compress a reply; they still stand for its bytes, so
    that they are compared as if they were strong.
    """
    if wanted is None:
        return None

    def check(current: BaseModel) -> None:
        if not _matches(wanted, etag_of(current.model_dump_json(by_alias=True).encode())):
            raise PreconditionFailed("This has changed since you read it. Read it again.")

    return check


def _matches(wanted: str, etag: str) -> bool:
    """The weak comparison of RFC 9110 §8.8.3.2."""
    tags = {tag.strip().removeprefix("W/") for tag in wanted.split(",")}
    return etag.removeprefix("W/") in tags or wanted.strip() == "*"
