"""The values of the assembly's secrets on this machine: made once, kept in the data directory."""

import json
import os
import secrets
import string
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from djamms.config import Config, settings
from djamms.parsers import former_keys
from local.assembly import Assembly, Secret, SecretSpec
from local.errors import LocalError
from local.services.process import write_private

type Credentials = Callable[[], dict[str, str | int]]

EMAIL, PASSWORD = "DJAMMS_ADMIN_EMAIL", "DJAMMS_ADMIN_PASSWORD"
SHORTEST_PASSWORD = 8


class SecretValues:
    """Callable: the text of a secret by its ARN.

    A file is named by the variable in which functions find the secret, which a refactoring of the
    infrastructure leaves alone.
    """

    def __init__(
        self,
        assembly: Assembly,
        folder: Path,
        database: Credentials,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        self._folder, self._database, self._environment = folder, database, environment
        self._secrets = assembly.secrets
        # A person may set a secret itself, such as JWT_SECRET: it is used, and not kept.
        self._stated = {
            setting.secret: text
            for setting in settings()
            if setting.secret and (text := setting.stated(environment))
        }
        if keys := signing_keys(environment):
            self._stated["JWT_SECRET_ARN"] = keys
        self._variables = {
            value: name
            for function in assembly.functions.values()
            for name, value in function.environment.items()
            if value in assembly.secrets
        }

    def __call__(self, arn: str) -> str | None:
        if arn not in self._secrets:
            return None
        variable = self._variables.get(arn, "")
        if text := self._stated.get(variable):
            return text
        if variable == "DATABASE_SECRET_ARN" or self._secrets[arn].attached_to:
            return json.dumps(self._database())
        file = self._folder / (variable or self._secrets[arn].logical_id)
        if not file.exists():
            write_private(file, self._make(variable, self._secrets[arn]))
        return file.read_text()

    def make_all(self) -> None:
        for arn in self._secrets:
            self(arn)

    def of(self, variable: str) -> str | None:
        """The text of the secret that functions find in this variable."""
        arn = next((arn for arn, name in self._variables.items() if name == variable), "")
        return self(arn)

    def admin(self) -> dict[str, str] | None:
        """The first administrator, until someone was told once; then None."""
        text, told = self.of("ADMIN_SECRET_ARN"), self._folder / "admin-was-told"
        if text is None or told.exists():
            return None
        account: dict[str, str] = json.loads(text)
        if self._environment.get(PASSWORD):
            account["password"] = f"(from {PASSWORD})"
        return account

    def admin_was_told(self) -> None:
        (self._folder / "admin-was-told").touch()

    def _make(self, variable: str, secret: Secret) -> str:
        if secret.value is not None:
            return secret.value
        if variable == "CDN_KEY_SECRET_ARN":
            return key_pair()[0]
        value = generated(secret.spec or SecretSpec(None, None))
        return self._admin(value) if variable == "ADMIN_SECRET_ARN" else value

    def _admin(self, value: str) -> str:
        account: dict[str, Any] = json.loads(value)
        if email := self._environment.get(EMAIL):
            account["email"] = email
        if password := self._environment.get(PASSWORD):
            if len(password) < SHORTEST_PASSWORD:
                raise LocalError(f"{PASSWORD} needs at least {SHORTEST_PASSWORD} characters.")
            account["password"] = password
        return json.dumps(account)


def signing_keys(environment: Mapping[str, str]) -> str | None:
    """The keys that a person states, as the one secret that functions read."""
    current = Config.jwt_secret.stated(environment)
    former = Config.jwt_previous_secrets.stated(environment)
    if not former:
        return current
    if not current:
        raise LocalError("JWT_PREVIOUS_SECRETS is set without JWT_SECRET, the key that signs now.")
    return json.dumps({"current": current, "previous": former_keys(former)})


def generated(spec: SecretSpec) -> str:
    """What CloudFormation's GenerateSecretString makes."""
    kinds = (
        ("" if spec.exclude_lowercase else string.ascii_lowercase),
        ("" if spec.exclude_uppercase else string.ascii_uppercase),
        ("" if spec.exclude_numbers else string.digits),
        ("" if spec.exclude_punctuation else string.punctuation),
        (" " if spec.include_space else ""),
    )
    letters = [letter for kind in kinds for letter in kind if letter not in spec.exclude_characters]
    value = "".join(secrets.choice(letters) for _ in range(spec.length))
    if spec.template is None:
        return value
    return json.dumps({**json.loads(spec.template), spec.key or "value": value})


def key_pair() -> tuple[str, str]:
    """PEM of a private and a public key for signed media addresses (ECDSA P-256)."""
    from cryptography.hazmat.primitives import serialization  # 40 ms, at the first start only
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return private.decode(), _public_pem(key)


def public_key(private_pem: str) -> str:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = serialization.load_pem_private_key(private_pem.encode(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return _public_pem(key)


def _public_pem(key: Any) -> str:
    from cryptography.hazmat.primitives import serialization

    pem: bytes = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return pem.decode()
