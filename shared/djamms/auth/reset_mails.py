"""The mail with the link that sets a new password, written by the function `mail`.

Apart from the rest, so that this function needs nothing of what answers requests.
"""

import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session as Database

from djamms import clock
from djamms.auth import account_repository
from djamms.config import config
from djamms.mail.sender import Mail
from djamms.security.derived import keyed_hash

LIFETIME = timedelta(minutes=30)
MOST_AN_HOUR = 5
TOKEN_BYTES = 32
PAGE = "reset-password"
SUBJECT = "Your new DJAMMS password"
TEXT = """\
Hello {name},

someone asked for a new password for your DJAMMS account. If that was you, open this link within
{minutes} minutes and choose one:

{link}

If it was not you, leave this mail alone: nothing changes.
"""


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
    token = secrets.token_urlsafe(TOKEN_BYTES)
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
    # Not the display name, which anybody may have chosen to be read here by someone else.
    text = TEXT.format(name=user.username, minutes=minutes, link=link)
    return Mail(to=user.email, subject=SUBJECT, text=text)


def hash_token(token: str, signing_key: str) -> str:
    return keyed_hash(signing_key, "password-reset", token)
