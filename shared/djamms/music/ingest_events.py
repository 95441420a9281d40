"""S3's messages about uploads: reading them, and writing them anew for events that were lost."""

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus, unquote_plus

from djamms.config import config
from djamms.storage.client import sqs_client

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

BATCH = 10


def created_keys(body: str) -> Iterator[str]:
    """The key of each object that a message says was created; none for S3's test message.

    Raises ValueError when the body is no such message.
    """
    message: Any = json.loads(body)
    if not isinstance(message, dict):
        raise ValueError("the message is no S3 event")  # noqa: TRY004
    if message.get("Event") == "s3:TestEvent":
        return
    for record in message["Records"]:
        if str(record["eventName"]).startswith("ObjectCreated:"):
            # Encoded as a form is: a space comes as +.
            yield unquote_plus(record["s3"]["object"]["key"])


def created_message(bucket: str, key: str, size_bytes: int) -> str:
    """The part of S3's event structure 2.1 that a consumer reads."""
    stored = {
        "bucket": {"name": bucket},
        "object": {"key": quote_plus(key, safe="/"), "size": size_bytes},
    }
    record = {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "eventName": "ObjectCreated:Reconciled",
        "s3": {"s3SchemaVersion": "1.0", **stored},
    }
    return json.dumps({"Records": [record]})


class SendFailed(Exception):
    """The queue refused messages."""


class IngestQueue:
    def __init__(self, client: "SQSClient", url: str, bucket: str) -> None:
        self._client, self.url, self._bucket = client, url, bucket

    def announce(self, objects: Sequence[tuple[str, int]], *, delay_seconds: int = 0) -> None:
        """Says of each (key, size) that it was created. Raises SendFailed."""
        for start in range(0, len(objects), BATCH):
            entries: list[SendMessageBatchRequestEntryTypeDef] = [
                {
                    "Id": str(place),
                    "MessageBody": created_message(self._bucket, key, size),
                    "DelaySeconds": delay_seconds,
                }
                for place, (key, size) in enumerate(objects[start : start + BATCH])
            ]
            answer = self._client.send_message_batch(QueueUrl=self.url, Entries=entries)
            if failed := answer.get("Failed"):
                raise SendFailed(f"{len(failed)} messages, first: {failed[0].get('Message')}")


def ingest_queue() -> IngestQueue:
    return IngestQueue(sqs_client(), config.ingest_queue_url, config.media_bucket)
