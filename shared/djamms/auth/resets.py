"""A forgotten password: a link by mail, good once and for half an hour.

The request looks nothing up and leaves a message; whether there is such an account is found out by
the function `mail`, which nobody waits for.
"""

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.auth import account_repository, session_repository, throttle, user_repository
from djamms.auth.reset_mails import hash_token
from djamms.auth.rules import check_password
from djamms.errors import InvalidResetToken
from djamms.mail import queue
from djamms.security import audit
from djamms.security.audit import Event
from djamms.security.passwords import hash_password
from djamms.security.signing import verifying_keys


def ask(email: str, *, correlation_id: str) -> None:
    queue.mail_queue().ask_for_password_reset(email, correlation_id=correlation_id)


def confirm(database: Database, *, token: str, password: str, source_ip: str | None) -> None:
    """Sets the password and ends all sessions. Raises InvalidResetToken, Unprocessable."""
    hashes = [hash_token(token, key) for key in verifying_keys()]
    now = clock.now()
    user_id = account_repository.find_reset(database, hashes, now=now)
    user = user_repository.lock_user(database, user_id) if user_id else None
    is_good = account_repository.use_reset(database, hashes, now=now)
    if user is None or not user.is_active or not is_good:
        raise InvalidResetToken
    check_password(password, about=(user.username, user.email))
    user.password_hash = hash_password(password)
    session_repository.revoke_all(database, user_id=user.id, now=now)
    account_repository.withdraw_resets(database, user.id, now=now)
    throttle.forgive(database, user.username, user.email, user_id=user.id, address=source_ip)
    audit.record(database, Event.PASSWORD_RESET, user_id=user.id, source_ip=source_ip)
