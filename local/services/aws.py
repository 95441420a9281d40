"""SDK clients for the emulator."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from local.services.emulator import Credentials

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sqs import SQSClient


class Aws:
    """Clients are made on first use: each takes tens of milliseconds."""

    def __init__(self, url: str, region: str, credentials: Credentials) -> None:
        self.region = region
        self._url, self._credentials = url, credentials
        self._session = boto3.session.Session(
            aws_access_key_id=credentials.access_key,
            aws_secret_access_key=credentials.secret_key,
            aws_session_token=credentials.session_token,
            region_name=region,
        )
        # Whoever calls decides about a second try. The first request waits for the emulator's
        # index of all objects, which takes seconds where there are very many.
        self._config = Config(
            retries={"total_max_attempts": 1},
            read_timeout=120,
            connect_timeout=2,
            max_pool_connections=32,
            s3={"addressing_style": "path"},
        )

    @cached_property
    def s3(self) -> "S3Client":
        client: S3Client = self._session.client("s3", endpoint_url=self._url, config=self._config)
        return client

    @cached_property
    def sqs(self) -> "SQSClient":
        client: SQSClient = self._session.client("sqs", endpoint_url=self._url, config=self._config)
        return client

    @cached_property
    def events(self) -> Any:
        return self._session.client("events", endpoint_url=self._url, config=self._config)

    @cached_property
    def ses(self) -> "SESV2Client":
        client: SESV2Client = self._session.client(
            "sesv2", endpoint_url=self._url, config=self._config
        )
        return client
