"""What people change of their own account."""

import json
from typing import Any

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.auth import (
    account_repository,
    repository,
    session_repository,
    throttle,
    user_repository,
)
from djamms.auth.rules import check_password
from djamms.errors import Conflict, Unauthenticated, Unprocessable, WrongPassword
from djamms.models.user import User
from djamms.security import audit
from djamms.security.audit import Event
from djamms.security.passwords import hash_password, verify_password
from djamms.security.principal import Principal

MOST_PREFERENCES = 16_384
# What is changed with the current password only, and the event that it leaves.
SECRETS = {"email": Event.EMAIL_CHANGED, "password": Event.PASSWORD_CHANGED}


def update_profile(
    database: Database,
    *,
    principal: Principal,
    changes: dict[str, Any],
    current_password: str | None,
    source_ip: str | None,
) -> User:
    """`changes`: any of name, username, email, password, preferences. The address and the password
    need the current password. A new password ends all other sessions.

    Raises WrongPassword, TooManyRequests, Conflict, Unprocessable.
    """
    user = principal.user_id and user_repository.lock_user(database, principal.user_id)
    if not user or not user.is_active:
        raise Unauthenticated
    if changes.get("email") == user.email.lower():
        del changes["email"]
    secret = sorted(changes.keys() & SECRETS.keys())
    if secret:
        _prove(database, user, current_password)
    _change(database, user, changes)
    for word in secret:
        audit.record(database, SECRETS[word], user_id=user.id, source_ip=source_ip)
    if secret:
        now = clock.now()
        # A link that lies in the old mailbox must not undo this.
        account_repository.withdraw_resets(database, user.id, now=now)
    if "password" in secret:
        but = principal.session_id
        session_repository.revoke_all(database, user_id=user.id, now=now, but=but)
    return user


def _prove(database: Database, user: User, password: str | None) -> None:
    if password is None:
        reason = "needed to change the address or the password"
        details = [{"field": "currentPassword", "reason": reason}]
        raise Unprocessable(f"currentPassword: {reason}", details=details)
    key = throttle.check_password_attempt(database, user.id)
    if not verify_password(user.password_hash, password):
        raise WrongPassword
    throttle.forget(database, key)


def _change(database: Database, user: User, changes: dict[str, Any]) -> None:
    values = dict(changes)
    if password := values.pop("password", None):
        about = (values.get("username", user.username), values.get("email", user.email))
        check_password(password, about=about)
        values["password_hash"] = hash_password(password)
    if "preferences" in values:
        values["preferences"] = merged(user.preferences, values["preferences"])
    if values and not account_repository.change_user(database, user, values):
        name = values.get("username", user.username)
        is_own = name.lower() == user.username.lower()
        is_name = not is_own and repository.username_exists(database, name)
        raise Conflict(f"This {'user name' if is_name else 'e-mail address'} is taken.")


def merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Key by key; null takes one away. Raises Unprocessable where it gets too much."""
    result = {key: value for key, value in {**old, **new}.items() if value is not None}
    if len(json.dumps(result)) > MOST_PREFERENCES:
        reason = f"more than {MOST_PREFERENCES} characters together"
        details = [{"field": "preferences", "reason": reason}]
        raise Unprocessable(f"preferences: {reason}", details=details)
    return result
