"""Feed a function from its queue, as Lambda's event source mapping does.

Messages that were handled are deleted. All others are left alone: they come back after the queue's
visibility timeout, and go to the dead-letter queue after its maximum of receives.
"""

import asyncio
import json
import logging
import os
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from local.assembly import EventSource
from local.triggers.invoker import Failed, Invoke

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

logger = logging.getLogger(__name__)

MOST_PER_RECEIVE = 10  # of the SQS API
WAIT_SECONDS = 1  # of one long poll: how long a stop may take
SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.1, 5.0
# Lambda starts with five batches at once. More than the machine has processors for is no gain, and
# every process of a function takes a second of CPU to start.
MOST_CONCURRENT = min(5, max(2, os.cpu_count() or 1))

type Authorise = Callable[[EventSource], Awaitable[None]]


class Poller:
    """`run()` works until `stop()`: it then waits for its last poll and for the calls under way,
    so that no message is taken that nobody handles."""

    def __init__(
        self,
        source: EventSource,
        *,
        queue_url: str,
        region: str,
        sqs: "SQSClient",
        invoke: Invoke,
        authorise: Authorise,
    ) -> None:
        self.source, self.queue_url, self._region = source, queue_url, region
        self._sqs, self._invoke, self._authorise = sqs, invoke, authorise
        limit = min(source.max_concurrency or MOST_CONCURRENT, MOST_CONCURRENT)
        self._free = asyncio.Semaphore(limit)
        self._threads = ThreadPoolExecutor(limit + 1, thread_name_prefix=f"poll-{source.function}")
        self._running: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        pause = SHORTEST_PAUSE_SECONDS
        while not self._stopping.is_set():
            try:
                await self._authorise(self.source)
                await self.step()
                pause = SHORTEST_PAUSE_SECONDS
            except (BotoCoreError, ClientError, Failed) as error:
                self._note(error, pause)
                await self._sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
        await self.settle()
        self._threads.shutdown()  # nothing runs in them any more: it is a matter of microseconds

    def stop(self) -> None:
        self._stopping.set()

    async def step(self) -> None:
        """Take one batch, once the function has room for it, and start its call."""
        await self._free.acquire()
        try:
            batch = await self._batch()
        except BaseException:
            self._free.release()
            raise
        if not batch:
            self._free.release()
            return
        task = asyncio.create_task(self._handle(batch))
        self._running.add(task)
        task.add_done_callback(self._done)

    async def settle(self) -> None:
        """Wait for the calls that were started."""
        await asyncio.gather(*self._running)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._free.release()

    async def _sleep(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    def _note(self, error: Exception, pause: float) -> None:
        if pause == SHORTEST_PAUSE_SECONDS:
            logger.warning("Queue of %s: %s", self.source.function, error)

    async def _batch(self) -> "list[MessageTypeDef]":
        """The first messages at once; then more of them while the batching window is open."""
        batch = await self._receive(self.source.batch_size, WAIT_SECONDS)
        closes = time.monotonic() + self.source.window_seconds
        while batch and len(batch) < self.source.batch_size:
            left = closes - time.monotonic()
            if left <= 0:
                break
            room = self.source.batch_size - len(batch)
            batch += await self._receive(room, min(WAIT_SECONDS, max(1, round(left))))
        return batch

    async def _receive(self, count: int, wait_seconds: int) -> "list[MessageTypeDef]":
        answer = await self._in_thread(
            lambda: self._sqs.receive_message(
                QueueUrl=self.queue_url,
                MaxNumberOfMessages=min(count, MOST_PER_RECEIVE),
                WaitTimeSeconds=wait_seconds,
                MessageSystemAttributeNames=["All"],
                MessageAttributeNames=["All"],
            )
        )
        return answer.get("Messages", [])

    async def _handle(self, batch: "Sequence[MessageTypeDef]") -> None:
        event = {"Records": [self._record(message) for message in batch]}
        try:
            answer = await self._invoke(self.source.function, json.dumps(event).encode())
        except Failed as error:
            logger.warning("%s failed on %d messages: %s", self.source.function, len(batch), error)
            return
        identifiers = [message["MessageId"] for message in batch]
        failed = failures(answer, identifiers) if self.source.partial_failures else frozenset()
        await self._delete([message for message in batch if message["MessageId"] not in failed])

    async def _delete(self, messages: "Sequence[MessageTypeDef]") -> None:
        for start in range(0, len(messages), MOST_PER_RECEIVE):
            entries: Any = [
                {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
                for number, message in enumerate(messages[start : start + MOST_PER_RECEIVE])
            ]
            try:
                await self._in_thread(
                    partial(
                        self._sqs.delete_message_batch, QueueUrl=self.queue_url, Entries=entries
                    )
                )
            except (BotoCoreError, ClientError) as error:
                # They will come once more, which a consumer has to bear in any case.
                self._note(error, SHORTEST_PAUSE_SECONDS)

    async def _in_thread[T](self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)

    def _record(self, message: "MessageTypeDef") -> dict[str, Any]:
        attributes = message.get("MessageAttributes", {})
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message.get("Attributes", {}),
            "messageAttributes": {
                name: {
                    "stringValue": value.get("StringValue"),
                    "stringListValues": [],
                    "binaryListValues": [],
                    "dataType": value.get("DataType"),
                }
                for name, value in attributes.items()
            },
            "md5OfBody": message.get("MD5OfBody"),
            "eventSource": "aws:sqs",
            "eventSourceARN": self.source.queue_arn,
            "awsRegion": self._region,
        }


def failures(answer: bytes, identifiers: Collection[str]) -> frozenset[str]:
    """The messages that a function reports as failed; all of them when its report is malformed.

    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    """
    everything = frozenset(identifiers)
    try:
        report = json.loads(answer or b"null")
    except ValueError:
        return everything
    if report is None or not (entries := report.get("batchItemFailures")):
        return frozenset()
    try:
        failed = frozenset(entry["itemIdentifier"] for entry in entries)
    except (KeyError, TypeError):
        return everything
    return everything if failed - everything else failed
