"""Access tokens (JWT, RFC 7519, HS256) and refresh tokens.

A refresh token is `<session id>.<secret>`; the database holds a keyed hash of the secret only.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import jwt

from djamms import clock
from djamms.errors import InvalidToken
from djamms.models.user import User
from djamms.security.derived import derive, keyed_hash

ALGORITHM = "HS256"
SECRET_BYTES = 32
REQUIRED = ["exp", "iat", "sub", "sid"]


@dataclass(frozen=True, slots=True)
class AccessClaims:
    user_id: UUID
    session_id: UUID


def key_id(signing_key: str) -> str:
    """Names a key without giving it away."""
    return derive(signing_key, "key-id").hex()[:8]


def issue_access_token(
    user: User,
    *,
    session_id: UUID,
    permissions: Iterable[str],
    signing_key: str,
    now: datetime,
    lifetime: timedelta,
) -> str:
    claims = {
        "sub": str(user.id),
        "username": user.username,
        "email": user.email,
        "role": user.role,
        "permissions": sorted(permissions),
        "iat": now,
        "exp": now + lifetime,
        "jti": uuid4().hex,
        "sid": str(session_id),
    }
    return jwt.encode(
        claims, derive(signing_key, "access"), ALGORITHM, headers={"kid": key_id(signing_key)}
    )


def read_access_token(token: str, *, signing_key: str) -> AccessClaims:
    """Raises InvalidToken for a bad signature, an expired token or missing claims."""
    try:
        claims = jwt.decode(
            token,
            derive(signing_key, "access"),
            algorithms=[ALGORITHM],
            # By our own clock, below.
            options={"require": REQUIRED, "verify_exp": False, "verify_iat": False},
        )
        if not claims["iat"] <= clock.now().timestamp() < claims["exp"]:
            raise InvalidToken
        return AccessClaims(user_id=UUID(claims["sub"]), session_id=UUID(claims["sid"]))
    except (jwt.InvalidTokenError, ValueError, AttributeError, TypeError) as error:
        raise InvalidToken from error


def key_id_of(token: str) -> str | None:
    """Which key a token says that it was signed with."""
    try:
        return jwt.get_unverified_header(token).get("kid")
    except jwt.InvalidTokenError:
        return None


def new_refresh_secret() -> str:
    return secrets.token_urlsafe(SECRET_BYTES)


def next_refresh_secret(secret: str, *, session_id: UUID, signing_key: str) -> str:
    """The one that follows: the same for whoever shows this one, and for nobody to guess."""
    message = session_id.bytes + secret.encode()
    digest = hmac.digest(derive(signing_key, "refresh-next"), message, hashlib.sha256)
    return urlsafe_b64encode(digest).decode().rstrip("=")


def hash_refresh_secret(secret: str, *, signing_key: str) -> str:
    return keyed_hash(signing_key, "refresh", secret)


def format_refresh_token(session_id: UUID, secret: str) -> str:
    return f"{session_id.hex}.{secret}"


def parse_refresh_token(token: str) -> tuple[UUID, str]:
    session, _, secret = token.partition(".")
    try:
        return UUID(hex=session), secret
    except ValueError as error:
        raise InvalidToken from error
