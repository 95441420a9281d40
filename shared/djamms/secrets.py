"""Secrets, read through the AWS Parameters and Secrets Lambda Extension.

The extension answers on localhost and caches; boto3 would add some 250 ms CPU to each cold start.
https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_lambda.html
"""

import json
import os
import urllib.error
import urllib.request
from urllib.parse import quote

TIMEOUT_SECONDS = 5


class SecretUnavailable(Exception):
    """The extension refused or did not answer; the message names the secret, never its value."""


def read_secret(secret_id: str) -> str:
    port = os.environ.get("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT", "2773")
    request = urllib.request.Request(
        f"http://localhost:{port}/secretsmanager/get?secretId={quote(secret_id, safe='')}",
        headers={"X-Aws-Parameters-Secrets-Token": os.environ.get("AWS_SESSION_TOKEN", "")},
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as reply:  # noqa: S310
            value: str = json.load(reply)["SecretString"]
    except urllib.error.HTTPError as error:
        reason = error.read(500).decode(errors="replace")
        raise SecretUnavailable(f"{secret_id}: {error.code} {reason}") from error
    except (OSError, KeyError, ValueError) as error:
        raise SecretUnavailable(f"{secret_id}: {error}") from error
    return value
