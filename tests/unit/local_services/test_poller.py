"""A queue feeds a function: what is deleted, what comes back, what dies."""

import asyncio
import json
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from local.assembly import Assembly, EventSource
from local.services.aws import Aws
from local.triggers import poller
from local.triggers.invoker import Failed
from local.triggers.poller import Poller, failures
from tests.unit.local_services.conftest import REGION
from tests.unit.local_services.test_resources import dead_letters, main_queue


class Function:
    """Records its events; answers what it is told to."""

    def __init__(self, answer: Callable[[list[str]], Any] = lambda _: None) -> None:
        self.batches: list[list[str]] = []
        self.records: list[dict[str, Any]] = []
        self.together = self.most_together = 0
        self._answer = answer

    async def __call__(self, function: str, payload: bytes, /) -> bytes:
        assert function == "ingest"
        records = json.loads(payload)["Records"]
        self.records += records
        self.batches.append([record["body"] for record in records])
        self.together += 1
        self.most_together = max(self.together, self.most_together)
        await asyncio.sleep(0.05)
        self.together -= 1
        return json.dumps(self._answer([record["messageId"] for record in records])).encode()

    @property
    def bodies(self) -> list[str]:
        return [body for batch in self.batches for body in batch]


def broken(_: list[str]) -> Any:
    raise Failed("Unhandled", "it broke")


class Bench:
    """A queue, its function and the poller between them."""

    def __init__(self, aws: Aws, made: Assembly, function: Function, **settings: Any) -> None:
        self.aws, self.made, self.function = aws, made, function
        self.queue = main_queue(made)
        aws.sqs.purge_queue(QueueUrl=self.queue.url)
        usual = EventSource(self.queue.arn, "ingest", 10, 0, True, 2, True)
        self.source = replace(usual, **settings)

    def send(self, *bodies: str, **attributes: Any) -> None:
        for body in bodies:
            self.aws.sqs.send_message(
                QueueUrl=self.queue.url, MessageBody=body, MessageAttributes=attributes
            )

    def poll(self, steps: int) -> None:
        asyncio.run(self._poll(steps))

    async def _poll(self, steps: int) -> None:
        poller = self.poller()
        for _ in range(steps):
            await poller.step()
        await poller.settle()
        poller.stop()
        await poller.run()

    def poller(self) -> Poller:
        async def authorise(_: EventSource) -> None: ...

        return Poller(
            self.source,
            queue_url=self.queue.url,
            region=REGION,
            sqs=self.aws.sqs,
            invoke=self.function,
            authorise=authorise,
        )

    def left(self) -> int:
        """Messages that were not deleted, hidden ones included."""
        names: Any = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.aws.sqs.get_queue_attributes(QueueUrl=self.queue.url, AttributeNames=names)
        return sum(int(count) for count in found["Attributes"].values())


def test_handled_messages_are_deleted(aws: Aws, resources: Assembly) -> None:
    bench = Bench(aws, resources, Function())
    bench.send("a", "b", "c")

    bench.poll(1)

    assert sorted(bench.function.bodies) == ["a", "b", "c"]
    assert bench.left() == 0


def test_record_has_lambdas_shape(aws: Aws, resources: Assembly) -> None:
    bench = Bench(aws, resources, Function())
    bench.send("a", trace={"DataType": "String", "StringValue": "42"})

    bench.poll(1)

    (record,) = bench.function.records
    assert record["eventSource"] == "aws:sqs"
    assert record["eventSourceARN"] == bench.queue.arn
    assert record["awsRegion"] == REGION
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert record["messageAttributes"]["trace"]["stringValue"] == "42"
    assert {"messageId", "receiptHandle", "md5OfBody"} <= record.keys()


def test_failed_call_deletes_nothing(aws: Aws, resources: Assembly) -> None:
    bench = Bench(aws, resources, Function(broken))
    bench.send("a", "b")

    bench.poll(1)

    assert len(bench.function.bodies) == 2
    assert bench.left() == 2


def test_only_reported_messages_come_back(aws: Aws, resources: Assembly) -> None:
    bench = Bench(
        aws,
        resources,
        Function(lambda found: {"batchItemFailures": [{"itemIdentifier": found[0]}]}),
    )
    bench.send("a", "b", "c")

    bench.poll(1)

    assert bench.left() == 1


def test_report_is_ignored_when_the_mapping_does_not_ask_for_it(
    aws: Aws, resources: Assembly
) -> None:
    report = Function(lambda found: {"batchItemFailures": [{"itemIdentifier": found[0]}]})
    bench = Bench(aws, resources, report, partial_failures=False)
    bench.send("a")

    bench.poll(1)

    assert bench.left() == 0


def test_poison_ends_among_the_dead_letters(aws: Aws, resources: Assembly) -> None:
    bench = Bench(aws, resources, Function(broken))
    bench.send("poison")

    bench.poll(6)

    found = aws.sqs.receive_message(QueueUrl=dead_letters(resources).url, WaitTimeSeconds=1)
    assert [message["Body"] for message in found["Messages"]] == ["poison"]
    assert bench.function.bodies == ["poison", "poison"]


def test_batch_is_no_larger_than_the_mapping_says(aws: Aws, resources: Assembly) -> None:
    bench = Bench(aws, resources, Function(), batch_size=2)
    bench.send("a", "b", "c")

    bench.poll(2)

    assert [len(batch) for batch in bench.function.batches] == [2, 1]


def test_window_gathers_more_than_one_receive_can(aws: Aws, resources: Assembly) -> None:
    bench = Bench(aws, resources, Function(), batch_size=15, window_seconds=2)
    bench.send(*(str(number) for number in range(15)))

    bench.poll(1)

    assert [len(batch) for batch in bench.function.batches] == [15]
    assert bench.left() == 0


@pytest.mark.parametrize(("limit", "machine", "expected"), [(1, 3, 1), (3, 3, 3), (5, 2, 2)])
def test_calls_at_once_are_limited(
    aws: Aws,
    resources: Assembly,
    monkeypatch: pytest.MonkeyPatch,
    limit: int,
    machine: int,
    expected: int,
) -> None:
    monkeypatch.setattr(poller, "MOST_CONCURRENT", machine)
    bench = Bench(aws, resources, Function(), batch_size=1, max_concurrency=limit)
    bench.send("a", "b", "c", "d")

    bench.poll(4)

    assert bench.function.most_together == expected
    assert bench.left() == 0


def test_queue_that_is_away_is_waited_for(aws: Aws, resources: Assembly) -> None:
    bench = Bench(aws, resources, Function())
    attributes: Any = {"VisibilityTimeout": "30"}
    aws.sqs.delete_queue(QueueUrl=bench.queue.url)

    async def come_back() -> None:
        poller = bench.poller()
        running = asyncio.create_task(poller.run())
        await asyncio.sleep(0.3)
        aws.sqs.create_queue(QueueName=bench.queue.name, Attributes=attributes)
        bench.send("late")
        async with asyncio.timeout(15):
            while not bench.function.batches:
                await asyncio.sleep(0.02)
        poller.stop()
        await running

    asyncio.run(come_back())

    assert bench.function.bodies == ["late"]


def test_stop_waits_for_what_is_under_way(aws: Aws, resources: Assembly) -> None:
    bench = Bench(aws, resources, Function())
    bench.send("a")

    async def stop_early() -> None:
        poller = bench.poller()
        running = asyncio.create_task(poller.run())
        while not bench.function.batches:
            await asyncio.sleep(0.005)
        poller.stop()
        await running

    asyncio.run(stop_early())

    assert bench.left() == 0
    assert not [one for one in threading.enumerate() if one.name.startswith("poll-ingest")]


@pytest.mark.parametrize(
    ("answer", "failed"),
    [
        (b"null", set()),
        (b"", set()),
        (b"{}", set()),
        (b'{"batchItemFailures": null}', set()),
        (b'{"batchItemFailures": []}', set()),
        (b'{"batchItemFailures": [{"itemIdentifier": "b"}]}', {"b"}),
        (b'{"batchItemFailures": [{"itemIdentifier": ""}]}', {"a", "b"}),
        (b'{"batchItemFailures": [{"itemIdentifier": "c"}]}', {"a", "b"}),
        (b'{"batchItemFailures": [{"item": "a"}]}', {"a", "b"}),
        (b'{"batchItemFailures": "a"}', {"a", "b"}),
        (b"not json", {"a", "b"}),
    ],
)
def test_report_of_failures(answer: bytes, failed: set[str]) -> None:
    assert failures(answer, ["a", "b"]) == failed
