import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import jwt
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from djamms.errors import InvalidToken
from djamms.models.user import Role, User
from djamms.security import passwords, streams, tokens
from djamms.security.derived import derive
from djamms.security.permissions import PERMISSIONS
from djamms.storage.cdn import signed_url
from tests.conftest import PRIVATE_KEY

KEY, OTHER_KEY = "k" * 40, "o" * 40
NOW = datetime.now(UTC)


def access_token(now: datetime = NOW, key: str = KEY) -> str:
    user = User(id=uuid4(), username="ada", email="ada@example.test", role=Role.USER)
    return tokens.issue_access_token(
        user,
        session_id=uuid4(),
        permissions=PERMISSIONS[Role.USER],
        signing_key=key,
        now=now,
        lifetime=timedelta(hours=1),
    )


def test_access_token_has_the_claims_of_the_requirements() -> None:
    token = access_token()

    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims.keys() == {
        *("sub", "username", "email", "role", "permissions", "iat", "exp", "jti", "sid")
    }
    assert claims["permissions"] == sorted(PERMISSIONS[Role.USER])
    assert jwt.get_unverified_header(token)["kid"] == tokens.key_id(KEY)


@pytest.mark.parametrize(
    "token",
    [
        access_token(key=OTHER_KEY),
        access_token(now=NOW - timedelta(hours=2)),
        access_token()[:-2],
        "x",
        "",
        jwt.encode({"sub": str(uuid4())}, derive(KEY, "access"), "HS256"),
        jwt.encode(jwt.decode(access_token(), options={"verify_signature": False}), "", "none"),
    ],
    ids=["other-key", "expired", "cut", "text", "empty", "claims-missing", "no-algorithm"],
)
def test_refuses_a_token_that_is_not_ours(token: str) -> None:
    with pytest.raises(InvalidToken):
        tokens.read_access_token(token, signing_key=KEY)


def test_refresh_token_round_trip() -> None:
    session_id, secret = uuid4(), tokens.new_refresh_secret()

    assert tokens.parse_refresh_token(tokens.format_refresh_token(session_id, secret)) == (
        session_id,
        secret,
    )


def test_refresh_hash_is_keyed() -> None:
    first = tokens.hash_refresh_secret("s", signing_key=KEY)

    assert first != tokens.hash_refresh_secret("s", signing_key=OTHER_KEY)


def test_passwords() -> None:
    hashed = passwords.hash_password("secret")

    assert passwords.verify_password(hashed, "secret")
    assert not passwords.verify_password(hashed, "Secret")
    assert not passwords.verify_password("not a hash", "secret")
    assert not passwords.verify_password(passwords.ABSENT_ACCOUNT_HASH, "secret")
    assert not passwords.needs_rehash(hashed)
    assert not passwords.needs_rehash(passwords.ABSENT_ACCOUNT_HASH)


@pytest.mark.parametrize("token", ["", "x", "-", "zz-zz", f"{10**30:x}-AAAA"])
def test_malformed_stream_tokens_are_invalid(token: str) -> None:
    assert not streams.StreamSigner(KEY).is_valid(token, uuid4(), NOW)


def test_stream_windows_are_stable_and_long_enough() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    ends = {streams.window_end(start + timedelta(minutes=minute)) for minute in range(12 * 60)}

    assert len(ends) == 1
    (end,) = ends
    assert end - start.timestamp() == 24 * 3600


def test_cdn_signature_is_cloudfronts_canned_policy() -> None:
    url = signed_url("audio/2026/01/a b/ü.mp3", expires=1_900_000_000)

    query = parse_qs(urlsplit(url).query)
    resource = "http://localhost:3001/media/audio/2026/01/a%20b/%C3%BC.mp3"
    policy = (
        f'{{"Statement":[{{"Resource":"{resource}",'
        '"Condition":{"DateLessThan":{"AWS:EpochTime":1900000000}}}]}'
    )
    text = query["Signature"][0].translate(str.maketrans("-_~", "+=/"))
    signature = base64.b64decode(text)
    public = PRIVATE_KEY.public_key()
    public.verify(signature, policy.encode(), ec.ECDSA(SHA256()))
    with pytest.raises(InvalidSignature):
        public.verify(signature, policy.replace("19", "20").encode(), ec.ECDSA(SHA256()))
    assert query["Key-Pair-Id"] == ["KTESTKEY"]
    assert query["Hash-Algorithm"] == ["SHA256"]
