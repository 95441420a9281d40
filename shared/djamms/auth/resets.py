"""A forgotten password: a link by mail, good once and for half an hour.

The request looks nothing up and leaves a message; whether there is such an account is found out by
the function `mail`, which nobody waits for.
"""

import hashlib
import hmac
import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.auth import account_repository, throttle
from djamms.auth.rules import check_password
from djamms.config import config
from djamms.errors import InvalidResetToken
from djamms.mail import queue
from djamms.mail.sender import Mail
from djamms.security import audit
from djamms.security.passwords import hash_password
from djamms.security.signing import verifying_keys
from djamms.security.tokens import SECRET_BYTES, derive

LIFETIME = timedelta(minutes=30)
MOST_AN_HOUR = 5
PAGE = "reset-password"
SUBJECT = "Your new DJAMMS password"
TEXT = """\
Hello {name},

someone asked for a new password for your DJAMMS account. If that was you, open this link within
{minutes} minutes and choose one:

{link}

If it was not you, leave this mail alone: nothing changes.
"""


def ask(email: str, *, correlation_id: str) -> None:
    queue.mail_queue().ask_for_password_reset(email, correlation_id=correlation_id)


def write(database: Database, *, reset_id: UUID, email: str) -> Mail | None:
    """The mail to send; None where there is no such account, or it got enough of them."""
    user, now = account_repository.find_user_by_email(database, email), clock.now()
    if user is None:
        return None
    sent = account_repository.count_resets(
        database, user.id, since=now - timedelta(hours=1), but=reset_id
    )
    if sent >= MOST_AN_HOUR:
        return None
    token = secrets.token_urlsafe(SECRET_BYTES)
    account_repository.save_reset(
        database,
        reset_id=reset_id,
        user_id=user.id,
        token_hash=hash_token(token, config.jwt_secret),
        expires_at=now + LIFETIME,
    )
    # Behind a # it reaches neither the server's log nor another site's.
    link = f"{config.frontend_base_url}/{PAGE}#token={token}"
    minutes = int(LIFETIME.total_seconds() // 60)
    text = TEXT.format(name=user.name or user.username, minutes=minutes, link=link)
    return Mail(to=user.email, subject=SUBJECT, text=text)


def confirm(database: Database, *, token: str, password: str, source_ip: str | None) -> None:
    """Sets the password and ends all sessions. Raises InvalidResetToken, Unprocessable."""
    hashes = [hash_token(token, key) for key in verifying_keys()]
    now = clock.now()
    user_id = account_repository.use_reset(database, hashes, now=now)
    user = account_repository.lock_user(database, user_id) if user_id else None
    if user is None:
        raise InvalidResetToken
    check_password(password, about=(user.username, user.email))
    user.password_hash = hash_password(password)
    account_repository.revoke_sessions(database, user.id, now=now)
    account_repository.withdraw_resets(database, user.id, now=now)
    throttle.forgive(database, user.username, user.email, user_id=user.id, address=source_ip)
    audit.record(database, "password_reset", user_id=user.id, source_ip=source_ip)


def hash_token(token: str, signing_key: str) -> str:
    key = derive(signing_key, "password-reset")
    return hmac.new(key, token.encode(), hashlib.sha256).hexdigest()
