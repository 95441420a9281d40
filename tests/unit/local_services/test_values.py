"""Values of secrets: made once, kept, and only their owner can read them."""

import json
import stat
import string
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from local.assembly import Assembly, Function, Role, Secret, SecretSpec
from local.errors import LocalError
from local.services.values import SecretValues, generated, key_pair, public_key
from tests.unit.local_services.conftest import assembly

ADMIN = SecretSpec('{"email": "admin@djamms.com", "username": "admin"}', "password", length=24)
SPECS = {
    "DATABASE_SECRET_ARN": SecretSpec('{"username": "djamms"}', "password"),
    "JWT_SECRET_ARN": SecretSpec(None, None, length=64, exclude_punctuation=True),
    "ADMIN_SECRET_ARN": ADMIN,
    "CDN_KEY_SECRET_ARN": None,
}


def with_secrets() -> Assembly:
    secrets = {
        f"arn:{name}": Secret(name, name, f"arn:{name}", name, "", spec, None, None)
        for name, spec in SPECS.items()
    }
    function = Function(
        name="auth",
        logical_id="Auth",
        arn="arn:auth",
        handler="functions.auth.handler.handler",
        environment={name: f"arn:{name}" for name in SPECS},
        timeout_seconds=1,
        memory_mb=128,
        reserved_concurrency=None,
        recipes=(),
        secrets_extension=True,
        role=Role("arn:role", ()),
        asset_path=None,
    )
    return replace(assembly("http://x", "x"), secrets=secrets, functions={"auth": function})


def values(folder: Path, **environment: str) -> SecretValues:
    return SecretValues(with_secrets(), folder, lambda: {"port": 5432}, environment)


def test_value_is_made_once(tmp_path: Path) -> None:
    first = values(tmp_path)("arn:JWT_SECRET_ARN")

    assert first == values(tmp_path)("arn:JWT_SECRET_ARN")
    assert first
    assert len(first) == 64


def test_files_are_private(tmp_path: Path) -> None:
    values(tmp_path).make_all()

    modes = {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    assert modes == {0o600}


def test_database_secret_is_where_the_database_is_now(tmp_path: Path) -> None:
    assert values(tmp_path)("arn:DATABASE_SECRET_ARN") == '{"port": 5432}'
    assert list(tmp_path.iterdir()) == []


def test_unknown_secret_has_no_value(tmp_path: Path) -> None:
    assert values(tmp_path)("arn:other") is None


def test_cdn_key_is_a_p256_pair(tmp_path: Path) -> None:
    private = values(tmp_path).of("CDN_KEY_SECRET_ARN")

    assert private
    key = serialization.load_pem_public_key(public_key(private).encode())
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert key.curve.name == "secp256r1"


def test_two_pairs_differ() -> None:
    assert key_pair() != key_pair()


def test_password_of_the_first_administrator_is_shown_once(tmp_path: Path) -> None:
    shown = values(tmp_path).admin()
    assert shown
    assert (shown["email"], len(shown["password"])) == ("admin@djamms.com", 24)
    assert values(tmp_path).admin() == shown, "nobody has seen it yet"

    values(tmp_path).admin_was_told()

    assert values(tmp_path).admin() is None


def test_environment_sets_the_first_administrator(tmp_path: Path) -> None:
    given = {"DJAMMS_ADMIN_EMAIL": "me@x.test", "DJAMMS_ADMIN_PASSWORD": "correct horse"}
    made = values(tmp_path, **given)

    stored = json.loads(made.of("ADMIN_SECRET_ARN") or "")
    assert stored == {"email": "me@x.test", "username": "admin", "password": "correct horse"}
    shown = made.admin()
    assert shown
    assert "correct horse" not in shown.values()


def test_short_password_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="at least 8 characters"):
        values(tmp_path, DJAMMS_ADMIN_PASSWORD="short").make_all()


@pytest.mark.parametrize(
    ("spec", "allowed"),
    [
        (SecretSpec(None, None, exclude_punctuation=True), string.ascii_letters + string.digits),
        (SecretSpec(None, None, exclude_punctuation=True, exclude_numbers=True), None),
        (SecretSpec(None, None, exclude_characters=string.punctuation + "abc"), None),
    ],
)
def test_generated_string_keeps_to_its_letters(spec: SecretSpec, allowed: str | None) -> None:
    text = "".join(generated(replace(spec, length=500)) for _ in range(3))

    excluded = spec.exclude_characters + (string.digits if spec.exclude_numbers else "")
    assert not set(text) & set(excluded)
    assert allowed is None or set(text) == set(allowed)


def test_generated_string_goes_into_its_template() -> None:
    made = json.loads(generated(ADMIN))

    assert made.keys() == {"email", "username", "password"}
