"""`Idempotency-Key`: a request that is sent again is answered again, and done once.

The key is claimed and the reply kept in the request's own transaction; a second request with the
same key waits for the first to end. draft-ietf-httpapi-idempotency-key-header-07.
"""

from datetime import timedelta
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


def repeatable() -> dict[str, Any]:
    """For a route's `openapi_extra`: it creates something, and its reply holds no secret."""
    return {EXTENSION: True}


async def replay(database: Session, request: Request, user_id: UUID) -> Response | None:
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
            expires_at=now + KEPT,
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
    asked = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    return sha256(asked + await request.body()).hexdigest()
