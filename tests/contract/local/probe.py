"""The function of these tests: does what its event says. Copied into a repository of their own."""

import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any


def handler(event: dict[str, Any], context: Any) -> Any:
    if "httpMethod" not in event:
        return act(event, context)
    wanted = json.loads(event["body"]) if event["body"] else {}
    if "return" in wanted:
        return wanted["return"]
    acted = act(wanted, context) if wanted else event
    return {"statusCode": 200, "body": json.dumps(acted)}


def act(event: dict[str, Any], context: Any) -> Any:
    actions: dict[str, Callable[[], Any]] = {
        "path": lambda: sys.path,
        "modules": lambda: sorted(sys.modules),
        "environment": lambda: dict(os.environ),
        "request id": lambda: context.aws_request_id,
        "print": lambda: sys.stdout.write(event["text"] + "\n"),
        "sleep": lambda: time.sleep(event["seconds"]),
        "raise": lambda: fail(event["text"]),
        "die": lambda: os.kill(os.getpid(), 9),
        "exit": lambda: os._exit(3),
        "grow": lambda: grow(event["mb"]),
        "fill": lambda: "x" * event["size"],
        "import": lambda: __import__(event["name"]).__name__,
        "secret": lambda: secret(event["id"], event.get("token")),
        "spawn": spawn,
        "aws": lambda: aws(event),
    }
    returned = actions[event["do"]]() if "do" in event else None
    return {"pid": os.getpid(), "returned": returned}


def fail(text: str) -> None:
    raise ValueError(text)


def grow(mb: int) -> None:
    held = bytearray(mb << 20)
    held[::4096] = b"x" * len(held[::4096])
    time.sleep(5)


def spawn() -> int:
    return os.spawnv(os.P_NOWAIT, "/bin/sleep", ["sleep", "600"])  # noqa: S606


def secret(secret_id: str, token: str | None) -> list[Any]:
    port = os.environ["PARAMETERS_SECRETS_EXTENSION_HTTP_PORT"]
    request = urllib.request.Request(
        f"http://localhost:{port}/secretsmanager/get?secretId={secret_id}",
        headers={"X-Aws-Parameters-Secrets-Token": token or os.environ["AWS_SESSION_TOKEN"]},
    )
    try:
        with urllib.request.urlopen(request) as response:  # noqa: S310
            return [response.status, json.load(response)]
    except urllib.error.HTTPError as error:
        return [error.code, json.load(error)]


def aws(event: dict[str, Any]) -> Any:
    import boto3
    from botocore.exceptions import ClientError

    client = boto3.client(event["service"])
    try:
        found = getattr(client, event["call"])(**event["with"])
    except ClientError as error:
        return {"code": error.response["Error"]["Code"], "message": str(error)}
    return found if isinstance(found, str) else sorted(found)
