"""Reading objects for /media."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Protocol
from urllib.parse import quote

import httpx
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

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


@dataclass(frozen=True, slots=True)
class Access:
    """The key that the emulator accepts."""

    access_key: str
    secret_key: str
    session_token: str | None
    region: str


class S3Store:
    """One bucket of the emulator."""

    def __init__(self, endpoint: str, bucket: str, access: Access) -> None:
        credentials = Credentials(access.access_key, access.secret_key, access.session_token)
        self._signer = S3SigV4Auth(credentials, "s3", access.region)
        self._base = f"{endpoint.rstrip('/')}/{bucket}/"
        limits = httpx.Limits(max_connections=64, max_keepalive_connections=16)
        self._client = httpx.AsyncClient(limits=limits, timeout=30.0, trust_env=False)

    async def head(self, key: str) -> ObjectInfo | None:
        try:
            response = await self._client.send(self._signed("HEAD", key, {}))
        except httpx.HTTPError as error:
            raise StoreUnavailable(str(error)) from error
        if response.status_code == 404:
            return None
        if response.status_code != 200:
            raise StoreUnavailable(f"HEAD {key} answered {response.status_code}")
        return _info(response.headers)

    async def read(self, key: str, first: int, last: int) -> AsyncGenerator[bytes]:
        request = self._signed("GET", key, {"range": f"bytes={first}-{last}"})
        try:
            response = await self._client.send(request, stream=True)
            try:
                if response.status_code not in (200, 206):
                    raise StoreUnavailable(f"GET {key} answered {response.status_code}")
                async for chunk in response.aiter_raw(_CHUNK_BYTES):
                    yield chunk
            finally:
                await response.aclose()
        except httpx.HTTPError as error:
            raise StoreUnavailable(str(error)) from error

    async def close(self) -> None:
        await self._client.aclose()

    def _signed(self, method: str, key: str, headers: dict[str, str]) -> httpx.Request:
        url = self._base + quote(key)
        request = AWSRequest(method=method, url=url, headers=headers)
        self._signer.add_auth(request)
        return self._client.build_request(method, url, headers=dict(request.headers.items()))


def _info(headers: httpx.Headers) -> ObjectInfo:
    stamp = headers.get("last-modified")
    return ObjectInfo(
        size=int(headers["content-length"]),
        etag=headers.get("etag", ""),
        modified=parsedate_to_datetime(stamp).astimezone(UTC) if stamp else None,
        content_type=headers.get("content-type", "application/octet-stream"),
        headers=tuple((name, headers[name]) for name in _KEPT if name in headers),
    )
