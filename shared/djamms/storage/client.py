"""AWS clients, made once per process: the first costs 250 ms of imports, each some 60 ms more.

boto3 is imported on first use, so that a function which rarely needs it starts without it.
"""

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botocore.config import Config
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sqs import SQSClient


@cache
def s3_client() -> "S3Client":
    import boto3  # see above

    client: S3Client = boto3.client("s3", config=_settings())
    return client


@cache
def sqs_client() -> "SQSClient":
    import boto3  # see above

    client: SQSClient = boto3.client("sqs", config=_settings())
    return client


@cache
def waking_client() -> "SQSClient":
    """It gives up at once: somebody waits for the reply, and who is not woken wakes by itself."""
    import boto3  # see above
    from botocore.config import Config  # see above

    at_once = Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 1})
    client: SQSClient = boto3.client("sqs", config=_settings().merge(at_once))
    return client


@cache
def ses_client() -> "SESV2Client":
    import boto3  # see above

    client: SESV2Client = boto3.client("sesv2", config=_settings())
    return client


@cache
def events_client() -> Any:
    """It gives up soon: its caller holds rows, and sends again within a minute."""
    import boto3  # see above
    from botocore.config import Config  # see above

    soon = Config(connect_timeout=2, read_timeout=3, retries={"total_max_attempts": 2})
    return boto3.client("events", config=_settings().merge(soon))


@cache
def _settings() -> "Config":
    from botocore.config import Config  # see above

    return Config(
        # boto3 would write a long one anew for each request: an eighth of the request's CPU.
        user_agent="djamms",
        signature_version="s3v4",
        s3={"addressing_style": "path"},
        # Short: a queue retries what a slow moment broke, and its visibility timeout must hold.
        connect_timeout=3,
        read_timeout=10,
        retries={"mode": "standard", "total_max_attempts": 3},
        # The transport is TLS and every object has an ETag: no checksum over each ranged read.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
