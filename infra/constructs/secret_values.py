"""The secrets that this system makes for itself. Their values are never in a template."""

import json

from aws_cdk import aws_secretsmanager as secrets
from constructs import Construct

from infra.config import Config
from infra.constructs.logs import removal_policy
from infra.nag import acknowledge

JWT_KEY_LENGTH = 64
PASSWORD_LENGTH = 24


class Secrets(Construct):
    def __init__(self, scope: Construct, construct_id: str, *, config: Config) -> None:
        super().__init__(scope, construct_id)
        removal = removal_policy(config)
        self.jwt = secrets.Secret(
            self,
            "Jwt",
            description="The key that signs access tokens",
            generate_secret_string=secrets.SecretStringGenerator(
                password_length=JWT_KEY_LENGTH, exclude_punctuation=True
            ),
            removal_policy=removal,
        )
        self.admin = secrets.Secret(
            self,
            "Admin",
            description="The first administrator; read once, by the job `migrate`",
            generate_secret_string=secrets.SecretStringGenerator(
                secret_string_template=json.dumps(
                    {"email": config.admin_email, "username": "admin"}
                ),
                generate_string_key="password",
                password_length=PASSWORD_LENGTH,
                exclude_punctuation=True,
            ),
            removal_policy=removal,
        )
        self.cdn_key_arn = self._cdn_key(config)
        acknowledge(self, {"AwsSolutions-SMG4": NOT_ROTATED})

    def _cdn_key(self, config: Config) -> str:
        # Left empty: a private key that a template could generate would be no key pair. The L2
        # construct cannot make an empty secret.
        secret = secrets.CfnSecret(
            self,
            "CdnKey",
            description="PEM of the private key that signs media URLs; `djamms keys` makes it",
        )
        secret.apply_removal_policy(removal_policy(config))
        return secret.ref


NOT_ROTATED = (
    "Rotated by hand: a signing key in steps that sign nobody out (jwt), a delivery key "
    "changes together with the public key in the configuration (cdn-key), the administrator's is "
    "used once (admin)."
)
