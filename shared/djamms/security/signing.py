"""Which key signs, and which keys still verify (docs/operations.md, "A new signing key").

Former keys are only read for what the current one did not sign.
"""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from djamms.config import config
from djamms.errors import InvalidToken
from djamms.security.streams import StreamSigner
from djamms.security.tokens import AccessClaims, key_id, key_id_of, read_access_token


def verifying_keys() -> Iterator[str]:
    """The current one first."""
    current = config.jwt_secret
    yield current
    yield from (key for key in config.jwt_previous_secrets if key != current)


def read_bearer(token: str) -> AccessClaims:
    """By the key that the token's header names, where there are several. Raises InvalidToken, also
    for an unknown key."""
    keys = list(verifying_keys())
    if len(keys) == 1:  # to read the header by itself costs a tenth of a small request
        return read_access_token(token, signing_key=keys[0])
    named = key_id_of(token)
    for key in keys:
        if key_id(key) == named:
            return read_access_token(token, signing_key=key)
    raise InvalidToken


def opens_stream(token: str, track_id: UUID, now: datetime) -> bool:
    return any(StreamSigner(key).is_valid(token, track_id, now) for key in verifying_keys())
