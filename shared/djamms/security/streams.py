"""The short HMAC token that lets `<audio src>` open a stream without a header.

It names the track and the end of its window. Windows make an address stable for hours, so lists
can be cached and a player does not see a new source on every poll.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import datetime
from uuid import UUID

from djamms.security.derived import derive

WINDOW_SECONDS = 12 * 3600
MAC_BYTES = 15


def window_end(now: datetime, window_seconds: int = WINDOW_SECONDS) -> int:
    """The Unix time of the next window's end: valid for one to two windows from now."""
    return (int(now.timestamp()) // window_seconds + 2) * window_seconds


class StreamSigner:
    """Signs and checks stream tokens: `<expiry in hex>-<mac>`."""

    def __init__(self, signing_key: str) -> None:
        self._key = derive(signing_key, "stream")

    def token(self, track_id: UUID, expires: int) -> str:
        return f"{expires:x}-{self._mac(track_id, expires)}"

    def is_valid(self, token: str, track_id: UUID, now: datetime) -> bool:
        raw_expiry, _, mac = token.partition("-")
        try:
            expires = int(raw_expiry, 16)
            expected = self._mac(track_id, expires)
        except (ValueError, OverflowError):
            return False
        return hmac.compare_digest(mac.encode(), expected.encode()) and expires > now.timestamp()

    def _mac(self, track_id: UUID, expires: int) -> str:
        message = track_id.bytes + expires.to_bytes(8)
        digest = hmac.digest(self._key, message, hashlib.sha256)
        return urlsafe_b64encode(digest[:MAC_BYTES]).decode()
