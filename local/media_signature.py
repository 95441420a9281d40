"""CloudFront's signed URLs with a canned policy, verified.

Source: "Create a signed URL using a canned policy" in the CloudFront guide. ECDSA signatures are
ASN.1 DER over SHA-1, or over SHA-256 when the URL says Hash-Algorithm=SHA256.
"""

import base64
import binascii
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import parse_qsl

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

_OWN = ("Expires", "Policy", "Signature", "Key-Pair-Id", "Hash-Algorithm")
_HASHES = {"SHA1": SHA1, "SHA256": SHA256}
_SECONDS = re.compile(r"[0-9]{1,12}")
_FROM_URL = str.maketrans("-_~", "+=/")


class SignatureRefused(Exception):
    """`code` and text of CloudFront's 403."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Verifier:
    keys: Mapping[str, ec.EllipticCurvePublicKey]  # key pair id → public key
    now: Callable[[], float] = time.time

    @classmethod
    def from_pem(cls, keys: Mapping[str, str]) -> "Verifier":
        loaded = {name: load_pem_public_key(pem.encode()) for name, pem in keys.items()}
        return cls({name: cast(ec.EllipticCurvePublicKey, key) for name, key in loaded.items()})

    def check(self, url: str, query: str, trusted: frozenset[str]) -> None:
        """`url` has no query. Raises SignatureRefused."""
        given = dict(parse_qsl(query, keep_blank_values=True, separator="&"))
        for name in ("Key-Pair-Id", "Signature", "Expires"):
            if not given.get(name):
                code = "MissingKey" if name == "Key-Pair-Id" else "AccessDenied"
                raise SignatureRefused(code, f"Missing {name} query parameter or cookie value")
        key = self.keys.get(given["Key-Pair-Id"])
        if key is None or given["Key-Pair-Id"] not in trusted:
            raise SignatureRefused("InvalidKey", "Unknown Key")
        if not _SECONDS.fullmatch(given["Expires"]) or int(given["Expires"]) <= self.now():
            raise SignatureRefused("AccessDenied", "Access denied")
        resource = f"{url}?{own}" if (own := _unsigned_part(query)) else url
        _verify(key, given, policy(resource, int(given["Expires"])))


def policy(resource: str, expires: int) -> str:
    """The canned policy: its text is what is signed, so every character counts."""
    condition = f'"Condition":{{"DateLessThan":{{"AWS:EpochTime":{expires}}}}}'
    return f'{{"Statement":[{{"Resource":"{resource}",{condition}}}]}}'


def _unsigned_part(query: str) -> str:
    """The query without CloudFront's own parameters, as it was sent."""
    return "&".join(p for p in query.split("&") if p and p.partition("=")[0] not in _OWN)


def _verify(key: ec.EllipticCurvePublicKey, given: Mapping[str, str], text: str) -> None:
    algorithm = _HASHES.get(given.get("Hash-Algorithm", "SHA1"))
    if algorithm is None:
        raise SignatureRefused("AccessDenied", "Access denied")
    try:
        signature = base64.b64decode(given["Signature"].translate(_FROM_URL), validate=True)
        key.verify(signature, text.encode(), ec.ECDSA(algorithm()))
    except (InvalidSignature, binascii.Error, ValueError):
        raise SignatureRefused("AccessDenied", "Access denied") from None
