"""Keys made of the signing key; apart from tokens, which not every function needs."""

import hashlib
import hmac


def derive(signing_key: str, purpose: str) -> bytes:
    """A key of its own for each use, so that one signature never passes for another."""
    return hmac.digest(signing_key.encode(), purpose.encode(), hashlib.sha256)


def keyed_hash(signing_key: str, purpose: str, text: str) -> str:
    return hmac.new(derive(signing_key, purpose), text.encode(), hashlib.sha256).hexdigest()
