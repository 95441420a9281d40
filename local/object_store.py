"""Reading objects for /media."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Protocol
from urllib.parse import quote

import httpx

_CHUNK_BYTES = 131_072
_KEPT = ("cache-control", "content-disposition", "content-encoding", "content-language")


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    size: int
    etag: str  # with its quotes
    modified: datetime | None  # whole seconds, UTC
    content_type: str
    headers: tuple[tuple[str, str], ...] = ()  # the other headers that the object was stored with


class ObjectStore(Protocol):
    async def head(self, key: str) -> ObjectInfo | None: ...

    def read(self, key: str, first: int, last: int) -> AsyncGenerator[bytes]:
        """The bytes first..last, inclusive."""
        ...


class StoreUnavailable(Exception):
    """The emulator does not answer as S3 does."""


class S3Store:
    """One bucket of the emulator, which asks for no signature."""

    def __init__(self, endpoint: str, bucket: str) -> None:
        limits = httpx.Limits(max_connections=64, max_keepalive_connections=16)
        self._client = httpx.AsyncClient(
            base_url=f"{endpoint.rstrip('/')}/{bucket}/", limits=limits, timeout=30.0
        )

    async def head(self, key: str) -> ObjectInfo | None:
        try:
            response = await self._client.head(quote(key))
        except httpx.HTTPError as error:
            raise StoreUnavailable(str(error)) from error
        if response.status_code == 404:
            return None
        if response.status_code != 200:
            raise StoreUnavailable(f"HEAD {key} answered {response.status_code}")
        return _info(response.headers)

    async def read(self, key: str, first: int, last: int) -> AsyncGenerator[bytes]:
        headers = {"range": f"bytes={first}-{last}"}
        try:
            async with self._client.stream("GET", quote(key), headers=headers) as response:
                if response.status_code not in (200, 206):
                    raise StoreUnavailable(f"GET {key} answered {response.status_code}")
                async for chunk in response.aiter_raw(_CHUNK_BYTES):
                    yield chunk
        except httpx.HTTPError as error:
            raise StoreUnavailable(str(error)) from error

    async def close(self) -> None:
        await self._client.aclose()


def _info(headers: httpx.Headers) -> ObjectInfo:
    stamp = headers.get("last-modified")
    return ObjectInfo(
        size=int(headers["content-length"]),
        etag=headers.get("etag", ""),
        modified=parsedate_to_datetime(stamp).astimezone(UTC) if stamp else None,
        content_type=headers.get("content-type", "application/octet-stream"),
        headers=tuple((name, headers[name]) for name in _KEPT if name in headers),
    )
