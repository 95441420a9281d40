"""Accounts and sessions: register, sign in, renew, sign out."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.auth import account_repository, repository, throttle
from djamms.auth.rules import check_password
from djamms.config import config
from djamms.errors import (
    Conflict,
    Forbidden,
    InvalidCredentials,
    InvalidToken,
    RefreshTokenReused,
    Unauthenticated,
)
from djamms.models.user import Role, Session, User
from djamms.security import audit, tokens
from djamms.security.audit import Event
from djamms.security.passwords import (
    ABSENT_ACCOUNT_HASH,
    hash_password,
    needs_rehash,
    take_the_other_time,
    verify_password,
)
from djamms.security.permissions import PERMISSIONS
from djamms.security.principal import Principal
from djamms.security.signing import verifying_keys

USER_AGENT_LENGTH = 255
# Two tabs that refresh at once, or a client whose answer was lost and who asks again.
REUSE_GRACE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Device:
    """Where a session was opened from, as far as the request says."""

    user_agent: str | None
    source_ip: str | None


@dataclass(frozen=True, slots=True)
class Grant:
    user: User
    access_token: str
    refresh_token: str | None
    expires_in_seconds: int


def register(
    database: Database,
    *,
    username: str,
    email: str,
    password: str,
    name: str | None,
    device: Device,
) -> Grant:
    """Raises Forbidden while registration is closed, Conflict when name or address is taken."""
    if not repository.registration_is_open(database):
        raise Forbidden("Registration is closed. Ask an administrator for an account.")
    check_password(password, about=(username, email))
    user = repository.add_user(
        database,
        username=username,
        email=email,
        password_hash=hash_password(password),
        name=name,
    )
    if user is None:
        taken = "user name" if repository.username_exists(database, username) else "e-mail address"
        raise Conflict(f"This {taken} is taken.")
    throttle.remember(database, user_id=user.id, address=device.source_ip)
    audit.record(database, Event.REGISTERED, user_id=user.id, source_ip=device.source_ip)
    return _open_session(database, user, device)


def login(database: Database, *, account: str, password: str, device: Device) -> Grant:
    """Raises InvalidCredentials, after the same work whether the account exists or not, and
    TooManyRequests."""
    user = repository.find_user_by_login(database, account)
    attempt = throttle.begin(
        database, login=account, user_id=user.id if user else None, address=device.source_ip
    )
    stored = user.password_hash if user else ABSENT_ACCOUNT_HASH
    if not verify_password(stored, password) or user is None:
        _fail(database, user, attempt, password, device)
        raise InvalidCredentials
    if needs_rehash(stored):
        user.password_hash = hash_password(password)
    grant = _open_session(database, user, device)
    # Behind the account, as whoever sets a new password by mail.
    throttle.succeeded(database, attempt, user.id)
    audit.record(database, Event.LOGIN, user_id=user.id, source_ip=device.source_ip)
    return grant


def _fail(
    database: Database,
    user: User | None,
    attempt: throttle.Attempt,
    password: str,
    device: Device,
) -> None:
    if account_repository.bcrypt_hashes_exist(database):
        stored = user.password_hash if user else ABSENT_ACCOUNT_HASH
        take_the_other_time(stored, password, bcrypt_rounds=config.bcrypt_rounds)
    throttle.failed(database, attempt)
    # Not what was typed: people type their password there too.
    whom = user.id if user else None
    audit.record(database, Event.LOGIN_FAILED, user_id=whom, source_ip=device.source_ip)


def refresh(database: Database, *, refresh_token: str, source_ip: str | None = None) -> Grant:
    """Rotates the token. One that was rotated away a moment ago gets the same successor again;
    later it ends its session: RefreshTokenReused."""
    session_id, secret = tokens.parse_refresh_token(refresh_token)
    now = clock.now()
    session = repository.lock_live_session(database, session_id, now=now)
    if session is None:
        raise InvalidToken
    is_current = _hashes_to(session.refresh_hash, secret)
    if not is_current:
        try:
            _check_predecessor(session, secret, now)
        except RefreshTokenReused:
            details = {"session": session_id}
            audit.record(
                database,
                Event.REFRESH_REUSED,
                user_id=session.user_id,
                source_ip=source_ip,
                details=details,
            )
            raise
    user = repository.find_user(database, session.user_id)
    if user is None:
        raise InvalidToken
    successor = _rotate(session, secret, now) if is_current else _same_successor(session, secret)
    return _grant(user, session_id, tokens.format_refresh_token(session_id, successor))


def _rotate(session: Session, secret: str, now: datetime) -> str:
    key = config.jwt_secret
    successor = tokens.next_refresh_secret(secret, session_id=session.id, signing_key=key)
    session.previous_hash = session.refresh_hash
    session.refresh_hash = tokens.hash_refresh_secret(successor, signing_key=key)
    session.refreshed_at = now
    session.expires_at = now + config.refresh_lifetime
    return successor


def _same_successor(session: Session, secret: str) -> str:
    """By the key that was current when the token was rotated."""
    for key in verifying_keys():
        successor = tokens.next_refresh_secret(secret, session_id=session.id, signing_key=key)
        if _hashes_to(session.refresh_hash, successor):
            return successor
    raise InvalidToken


def _hashes_to(kept: str | None, secret: str) -> bool:
    """By the current key or a former one."""
    hashes = [tokens.hash_refresh_secret(secret, signing_key=key) for key in verifying_keys()]
    return any(hmac.compare_digest(one, kept or "") for one in hashes)


def _check_predecessor(session: Session, secret: str, now: datetime) -> None:
    """Raises InvalidToken for a made-up token, RefreshTokenReused for one used too late."""
    if not _hashes_to(session.previous_hash, secret):
        raise InvalidToken
    if now - session.refreshed_at > REUSE_GRACE:
        session.revoked_at = now
        raise RefreshTokenReused


def renew_access(database: Database, *, principal: Principal) -> Grant:
    """A new access token for a session that is signed in; its refresh token stays as it is."""
    if principal.session_id is None:
        raise Unauthenticated
    return _grant(current_user(database, principal=principal), principal.session_id, None)


def logout(database: Database, *, principal: Principal, source_ip: str | None = None) -> None:
    if principal.session_id:
        repository.revoke_session(database, principal.session_id, now=clock.now())
        audit.record(database, Event.LOGOUT, user_id=principal.user_id, source_ip=source_ip)


def current_user(database: Database, *, principal: Principal) -> User:
    user = repository.find_user(database, principal.user_id) if principal.user_id else None
    if user is None:
        raise Unauthenticated
    return user


def _open_session(database: Database, user: User, device: Device) -> Grant:
    now, session_id, secret = clock.now(), uuid4(), tokens.new_refresh_secret()
    user.last_login = now
    repository.add_session(
        database,
        session_id=session_id,
        user_id=user.id,
        refresh_hash=tokens.hash_refresh_secret(secret, signing_key=config.jwt_secret),
        expires_at=now + config.refresh_lifetime,
        user_agent=device.user_agent and device.user_agent[:USER_AGENT_LENGTH],
        source_ip=device.source_ip,
    )
    return _grant(user, session_id, tokens.format_refresh_token(session_id, secret))


def _grant(user: User, session_id: UUID, refresh_token: str | None) -> Grant:
    access_token = tokens.issue_access_token(
        user,
        session_id=session_id,
        permissions=PERMISSIONS[Role(user.role)],
        signing_key=config.jwt_secret,
        now=clock.now(),
        lifetime=config.jwt_lifetime,
    )
    return Grant(user, access_token, refresh_token, int(config.jwt_lifetime.total_seconds()))
