"""What the AWS Parameters and Secrets Lambda extension answers, for one function's role."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs

from local.assembly import Assembly, Function
from local.iam.policy import Principal, Request
from local.iam.usage import UsageLog


@dataclass(frozen=True, slots=True)
class SecretsExtension:
    assembly: Assembly
    value: Callable[[str], str | None]  # secret ARN → its text
    usage: UsageLog

    def reply(self, function: Function, query: str) -> tuple[int, bytes]:
        """GET /secretsmanager/get?secretId=…: an HTTP status and a body."""
        secret_id = parse_qs(query).get("secretId", [""])[0]
        arn = self._arn(secret_id)
        principal = Principal(
            function.name, function.role, self.assembly.region, self.assembly.account
        )
        request = Request("secretsmanager:GetSecretValue", arn)
        if message := principal.refusal(request):
            return 400, _error("AccessDeniedException", message)
        self.usage.record(principal, request)
        value = self.value(arn)
        if value is None:
            text = f"Secrets Manager can't find the secret {secret_id}."
            return 400, _error("ResourceNotFoundException", text)
        return 200, _found(arn, value)

    def _arn(self, secret_id: str) -> str:
        for secret in self.assembly.secrets.values():
            if secret_id in (secret.arn, secret.name):
                return secret.arn
        return secret_id


def _found(arn: str, value: str) -> bytes:
    name = arn.rsplit(":", 1)[-1].rsplit("-", 1)[0]
    body = {"ARN": arn, "Name": name, "SecretString": value, "VersionStages": ["AWSCURRENT"]}
    return json.dumps(body).encode()


def _error(kind: str, message: str) -> bytes:
    return json.dumps({"__type": kind, "message": message}).encode()
