"""Signed addresses for the CDN: CloudFront's canned policy with an ECDSA P-256 key.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-creating-signed-url-canned-policy.html
"""

from base64 import b64encode
from functools import cache
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from djamms.config import config

# CloudFront's own replacement of the characters that a query string cannot hold.
URL_SAFE = str.maketrans("+=/", "-_~")


def object_url(key: str) -> str:
    return f"{config.cdn_base_url}/{quote(key)}"


def signed_url(key: str, *, expires: int) -> str:
    """The address of an object, valid until the Unix time `expires`.

    Deterministic (RFC 6979), so that every worker gives the same address and caches keep it.
    """
    url = object_url(key)
    policy = (
        f'{{"Statement":[{{"Resource":"{url}",'
        f'"Condition":{{"DateLessThan":{{"AWS:EpochTime":{expires}}}}}}}]}}'
    )
    signature = _private_key().sign(policy.encode(), ECDSA(SHA256(), deterministic_signing=True))
    text = b64encode(signature).decode().translate(URL_SAFE)
    return (
        f"{url}?Expires={expires}&Signature={text}"
        f"&Key-Pair-Id={config.cdn_key_id}&Hash-Algorithm=SHA256"
    )


@cache
def _private_key() -> EllipticCurvePrivateKey:
    key = load_pem_private_key(config.cdn_private_key.encode(), password=None)
    if not isinstance(key, EllipticCurvePrivateKey):
        raise TypeError("the CDN key is not an elliptic-curve key")
    return key
