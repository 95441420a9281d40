"""/media: what CloudFront does in front of the media bucket, on this machine."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from local.assembly import Behaviour, Distribution
from local.gateway import Message, Receive, Scope, Send
from local.gateway_event import raw_path
from local.iam.policy import like
from local.media_range import Selection, select
from local.media_signature import SignatureRefused, Verifier
from local.object_store import ObjectInfo, ObjectStore, StoreUnavailable

_CORS = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"accept-ranges, content-length, content-range, etag"),
]
_PREFLIGHT = [
    (b"access-control-allow-methods", b"GET, HEAD, OPTIONS"),
    (b"access-control-allow-headers", b"range, if-range, if-none-match"),
    (b"access-control-max-age", b"7200"),
]

logger = logging.getLogger(__name__)


class _Refused(Exception):
    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


class Media:
    """`base_url` is the CDN's address as functions know it: what they sign begins with it."""

    def __init__(
        self,
        distribution: Distribution,
        *,
        base_url: str,
        keys: Mapping[str, str],
        store: ObjectStore,
    ) -> None:
        self._distribution, self._store = distribution, store
        self._prefix = urlsplit(base_url).path.rstrip("/")
        self._origin = base_url.rstrip("/").removesuffix(self._prefix)
        self._verifier = Verifier.from_pem(keys)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._serve(scope, receive, send)
        except _Refused as error:
            await _refuse(send, error, scope["method"])
        except StoreUnavailable as error:
            logger.warning("media: %s", error)
            refused = _Refused(502, "BadGateway", "The origin does not answer")
            await _refuse(send, refused, scope["method"])

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = self._authorised_key(scope)
        if scope["method"] == "OPTIONS":
            await _send(send, 200, [*_CORS, *_PREFLIGHT, (b"content-length", b"0")])
            return
        info = await self._store.head(key)
        if info is None:
            # Without the right to list, S3 does not say that an object is missing.
            raise _Refused(403, "AccessDenied", "Access Denied")
        chosen = select(
            {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]},
            method=scope["method"],
            size=info.size,
            etag=info.etag,
            modified=info.modified,
        )
        start = _start(chosen.status, _headers(info, chosen))
        if scope["method"] == "HEAD" or chosen.length == 0:
            await send(start)
            await send({"type": "http.response.body", "body": b""})
            return
        async with aclosing(self._store.read(key, chosen.first, chosen.last)) as chunks:
            await _stream(start, chunks, receive, send)

    def _authorised_key(self, scope: Scope) -> str:
        path = raw_path(scope)
        key = _key(path.removeprefix(f"{self._prefix}/"))
        behaviour = self._behaviour(path.removeprefix(self._prefix))
        if scope["method"] not in behaviour.methods and scope["method"] != "OPTIONS":
            raise _Refused(403, "MethodNotAllowed", "This method is not allowed here")
        if behaviour.signed and scope["method"] != "OPTIONS":
            query = scope["query_string"].decode("latin-1")
            try:
                self._verifier.check(f"{self._origin}{path}", query, behaviour.key_ids)
            except SignatureRefused as error:
                raise _Refused(403, error.code, str(error)) from error
        arn = f"arn:aws:s3:::{self._distribution.origin_bucket}/{key}"
        if not any(like(pattern, arn) for pattern in self._distribution.readable):
            raise _Refused(403, "AccessDenied", "Access Denied")
        return key

    def _behaviour(self, path: str) -> Behaviour:
        patterns = ((b, f"/{b.pattern.lstrip('/')}") for b in self._distribution.behaviours)
        return next(behaviour for behaviour, pattern in patterns if like(pattern, path))


async def _stream(
    start: Message, chunks: AsyncGenerator[bytes], receive: Receive, send: Send
) -> None:
    """`send` waits while the client is slow; a client that leaves ends the read at the origin."""
    first = await anext(chunks)  # an origin that fails here can still be answered with a 502
    await send(start)
    await send({"type": "http.response.body", "body": first, "more_body": True})
    gone = asyncio.create_task(_disconnected(receive))
    try:
        async for chunk in chunks:
            if gone.done():
                return
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    except StoreUnavailable as error:
        logger.warning("media: %s", error)  # the length is announced: the client sees the cut
    finally:
        gone.cancel()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _key(path: str) -> str:
    """The object key of a raw path. Nothing that a file system could read as a step upwards."""
    try:
        key = unquote(path, errors="strict")
    except UnicodeDecodeError:
        raise _Refused(403, "AccessDenied", "Access Denied") from None
    if any(part in ("", ".", "..") for part in key.split("/")) or "\\" in key or "\0" in key:
        raise _Refused(403, "AccessDenied", "Access Denied")
    return key


def _headers(info: ObjectInfo, chosen: Selection) -> list[tuple[bytes, bytes]]:
    pairs = [("etag", info.etag), ("accept-ranges", "bytes"), *info.headers]
    if info.modified is not None:
        pairs.append(("last-modified", format_datetime(info.modified, usegmt=True)))
    if chosen.status in (200, 206):
        pairs += [("content-type", info.content_type), ("content-length", str(chosen.length))]
    if chosen.status == 206:
        pairs.append(("content-range", f"bytes {chosen.first}-{chosen.last}/{info.size}"))
    if chosen.status == 416:
        pairs += [("content-range", f"bytes */{info.size}"), ("content-length", "0")]
    if chosen.status == 412:
        pairs.append(("content-length", "0"))
    return [*((k.encode(), v.encode("latin-1")) for k, v in pairs), *_CORS]


def _start(status: int, headers: list[tuple[bytes, bytes]]) -> Message:
    return {"type": "http.response.start", "status": status, "headers": headers}


async def _send(
    send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes = b""
) -> None:
    await send(_start(status, headers))
    await send({"type": "http.response.body", "body": body})


async def _refuse(send: Send, error: _Refused, method: str) -> None:
    text = f"<Error><Code>{error.code}</Code><Message>{error}</Message></Error>"
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode()
    headers = [(b"content-type", b"text/xml"), (b"content-length", str(len(body)).encode())]
    await _send(send, error.status, [*headers, *_CORS], b"" if method == "HEAD" else body)
