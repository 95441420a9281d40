"""What a password must not be; its length is the schema's business."""

from djamms.errors import Unprocessable
from djamms.security.breached import is_common

SHORTEST, LONGEST = 8, 128


def check_password(password: str, *, about: tuple[str, ...]) -> None:
    """`about`: what everybody knows of the account. Raises Unprocessable."""
    known = {part for text in about for part in (text.lower(), text.lower().partition("@")[0])}
    if password.lower() in known:
        raise _refused("this is the name or the address of the account")
    if is_common(password, shortest=SHORTEST):
        raise _refused("this is one of the passwords that are tried first; take another")


def _refused(reason: str) -> Unprocessable:
    details = [{"field": "password", "reason": reason}]
    return Unprocessable(f"The request is not valid. password: {reason}", details=details)
