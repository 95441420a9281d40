"""CloudFront's signed URLs with a canned policy."""

import base64

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from local.media_signature import SignatureRefused, Verifier, policy

KEY = ec.generate_private_key(ec.SECP256R1())
URL = "http://localhost:3001/media/audio/a%20b.mp3"
TRUSTED = frozenset({"K1"})
VERIFIER = Verifier({"K1": KEY.public_key(), "K2": KEY.public_key()}, now=lambda: 1000.0)


def signed(
    resource: str = URL,
    *,
    expires: int = 2000,
    name: str = "SHA256",
    key: ec.EllipticCurvePrivateKey = KEY,
) -> str:
    algorithm = {"SHA1": hashes.SHA1(), "SHA256": hashes.SHA256()}[name]  # noqa: S303
    der = key.sign(policy(resource, expires).encode(), ec.ECDSA(algorithm))
    text = base64.b64encode(der).decode().translate(str.maketrans("+=/", "-_~"))
    tail = "" if name == "SHA1" else f"&Hash-Algorithm={name}"
    return f"Expires={expires}&Signature={text}&Key-Pair-Id=K1{tail}"


def refused(query: str, *, url: str = URL) -> str:
    with pytest.raises(SignatureRefused) as error:
        VERIFIER.check(url, query, TRUSTED)
    return error.value.code


def test_the_policy_text_is_the_documented_one() -> None:
    assert policy("http://x/y", 5) == (
        '{"Statement":[{"Resource":"http://x/y","Condition":{"DateLessThan":{"AWS:EpochTime":5}}}]}'
    )


@pytest.mark.parametrize("name", ["SHA1", "SHA256"])
def test_accepts_what_was_signed(name: str) -> None:
    VERIFIER.check(URL, signed(name=name), TRUSTED)


def test_accepts_a_query_that_was_signed_with_the_url() -> None:
    VERIFIER.check(URL, f"v=1&{signed(f'{URL}?v=1')}", TRUSTED)


def test_refuses_a_query_that_was_not_signed() -> None:
    assert refused(f"v=1&{signed()}") == "AccessDenied"


def test_refuses_another_object() -> None:
    assert refused(signed(), url=URL.replace("a%20b", "c")) == "AccessDenied"


def test_refuses_another_key() -> None:
    assert refused(signed(key=ec.generate_private_key(ec.SECP256R1()))) == "AccessDenied"


def test_refuses_a_key_that_the_behaviour_does_not_trust() -> None:
    assert refused(signed().replace("K1", "K2")) == "InvalidKey"


def test_refuses_sha256_that_is_not_announced() -> None:
    assert refused(signed().replace("&Hash-Algorithm=SHA256", "")) == "AccessDenied"


def test_refuses_at_the_second_of_expiry() -> None:
    assert refused(signed(expires=1000)) == "AccessDenied"


def test_refuses_a_later_expiry_than_was_signed() -> None:
    assert refused(signed().replace("Expires=2000", "Expires=3000")) == "AccessDenied"


@pytest.mark.parametrize(
    "query",
    [
        "",
        "Expires=2000",
        "Key-Pair-Id=K1&Expires=2000&Signature=!!",
        "Key-Pair-Id=K1&Expires=x",
        f"Key-Pair-Id=K1&Signature=x&Expires={'9' * 5000}",
    ],
)
def test_refuses_what_is_incomplete(query: str) -> None:
    assert refused(query) in ("MissingKey", "AccessDenied")
