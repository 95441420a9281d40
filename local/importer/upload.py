"""Sends one file to its presigned address, streamed and checked on the way."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

import httpx

from local.importer.journal import Target
from local.importer.names import content_type
from local.importer.patience import Patience

CHUNK_BYTES = 256 * 1024


class FileChanged(Exception):
    """The file is not the one that was announced any more."""


class UploadRefused(Exception):
    """The storage does not take it; `status` is HTTP's."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(slots=True)
class Form:
    """A multipart/form-data body of known length: the fields in order, the file last (S3 POST)."""

    path: Path
    size_bytes: int
    digest: str
    target: Target
    on_sent: Callable[[int], None]
    on_restart: Callable[[], None]
    boundary: str = ""
    head: bytes = b""
    tail: bytes = b""

    def __post_init__(self) -> None:
        self.boundary = token_hex(16)
        mark = f"--{self.boundary}\r\n"
        fields = "".join(
            f'{mark}Content-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in self.target.fields.items()
        )
        # The name is of no use to the storage: a fixed one needs no quoting.
        file = 'Content-Disposition: form-data; name="file"; filename="file"'
        kind = f"Content-Type: {content_type(self.path)}"
        self.head = f"{fields}{mark}{file}\r\n{kind}\r\n\r\n".encode()
        self.tail = f"\r\n--{self.boundary}--\r\n".encode()

    @property
    def headers(self) -> dict[str, str]:
        length = len(self.head) + self.size_bytes + len(self.tail)
        kind = f"multipart/form-data; boundary={self.boundary}"
        return {"Content-Type": kind, "Content-Length": str(length)}

    async def body(self) -> AsyncIterator[bytes]:
        """Raises FileChanged before the last bytes leave: the storage then keeps nothing."""
        yield self.head
        seen = hashlib.sha256()
        left = self.size_bytes
        with await asyncio.to_thread(self.path.open, "rb") as file:
            while left:
                chunk = await asyncio.to_thread(_read, file, min(left, CHUNK_BYTES))
                seen.update(chunk)
                left -= len(chunk)
                if not chunk or (not left and seen.hexdigest() != self.digest):
                    raise FileChanged
                yield chunk
                self.on_sent(len(chunk))
        yield self.tail


async def upload(client: httpx.AsyncClient, form: Form, patience: Patience) -> None:
    """Raises UploadRefused, FileChanged, OSError, ServerAway. Sending twice stores once."""

    async def send() -> httpx.Response:
        form.on_restart()
        return await client.post(form.target.url, content=form.body(), headers=form.headers)

    response = await patience.get(send)
    if not response.is_success:
        raise UploadRefused(response.status_code, reason_of(response))


def reason_of(response: httpx.Response) -> str:
    """S3 says it in XML."""
    found = re.search(r"<Message>([^<]{1,200})</Message>", response.text)
    reason = found[1] if found else f"HTTP {response.status_code}"
    return f"The storage did not take the file: {reason}"


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(file: BinaryIO, size: int) -> bytes:
    return file.read(size)
