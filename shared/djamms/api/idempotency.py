"""`Idempotency-Key`: a request that is sent again is answered again, and done once.

The key is claimed and the reply kept in the request's own transaction; a second request with the
same key waits for the first to end. draft-ietf-httpapi-idempotency-key-header-07.
"""

from datetime import timedelta
from email.message import Message
from hashlib import sha256
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from djamms import clock
from djamms.errors import BadRequest, Unprocessable
from djamms.models.request import IdempotencyKey

HEADER = "idempotency-key"
EXTENSION = "x-idempotent"
MAX_KEY_LENGTH = 100
KEPT = timedelta(hours=24)


def repeatable(kept: timedelta = KEPT) -> dict[str, Any]:
    """For a route's `openapi_extra`: it creates something, its reply holds no secret, and is of use
    for as long as it is `kept`."""
    return {EXTENSION: {"keptSeconds": int(kept.total_seconds())}}


def read_kept(extra: dict[str, Any] | None) -> timedelta | None:
    stated = (extra or {}).get(EXTENSION)
    return timedelta(seconds=stated["keptSeconds"]) if stated else None


async def replay(
    database: Session, request: Request, user_id: UUID, kept: timedelta
) -> Response | None:
    """The reply that this key got before; None when it is new, and claimed now."""
    key = checked(request.headers[HEADER])
    fingerprint = await _fingerprint(request)
    now = clock.now()
    mine = (IdempotencyKey.user_id == user_id, IdempotencyKey.key == key)
    database.execute(delete(IdempotencyKey).where(*mine, IdempotencyKey.expires_at <= now))
    claimed = database.scalar(
        insert(IdempotencyKey)
        .values(
            user_id=user_id,
            key=key,
            fingerprint=fingerprint,
            status=0,
            body="",
            expires_at=now + kept,
        )
        .on_conflict_do_nothing()
        .returning(IdempotencyKey.key)
    )
    if claimed:
        return None
    return _again(database.execute(select(IdempotencyKey).where(*mine)).scalar_one(), fingerprint)


def checked(key: str) -> str:
    if not 0 < len(key) <= MAX_KEY_LENGTH:
        raise BadRequest(f"An Idempotency-Key has 1 to {MAX_KEY_LENGTH} characters.")
    return key


def keep(database: Session, request: Request, user_id: UUID, response: Response) -> None:
    database.execute(
        update(IdempotencyKey)
        .where(IdempotencyKey.user_id == user_id, IdempotencyKey.key == request.headers[HEADER])
        .values(
            status=response.status_code,
            body=bytes(response.body).decode(),
            location=response.headers.get("location"),
        )
    )


def _again(kept: IdempotencyKey, fingerprint: str) -> Response:
    if kept.fingerprint != fingerprint:
        raise Unprocessable("This Idempotency-Key was used for another request. Take a new one.")
    headers: dict[str, Any] = {"Idempotency-Replayed": "true"}
    if kept.location:
        headers["Location"] = kept.location
    return Response(kept.body, kept.status, headers, media_type="application/json")


async def _fingerprint(request: Request) -> str:
    digest = sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    for part in _parts(await request.body(), request.headers.get("content-type", "")):
        digest.update(f"{len(part)}\n".encode())
        digest.update(part)
    return digest.hexdigest()


def _parts(body: bytes, content_type: str) -> list[bytes]:
    """Of a form its parts, because clients draw a new boundary for each attempt (RFC 2046 §5.1.1);
    of anything else the whole."""
    stated = Message()
    stated["content-type"] = content_type
    boundary = stated.get_boundary()
    if stated.get_content_maintype() != "multipart" or not boundary:
        return [body]
    return body.split(b"--" + boundary.encode(errors="replace"))
