"""Buckets, queues and what connects them."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from local.assembly import Assembly, Queue
from local.services.aws import Aws
from local.triggers.resources import make_resources
from tests.unit.local_services.conftest import ORIGIN


def main_queue(made: Assembly) -> Queue:
    return next(queue for queue in made.queues.values() if queue.dead_letter_arn)


def dead_letters(made: Assembly) -> Queue:
    return next(queue for queue in made.queues.values() if not queue.dead_letter_arn)


def bodies(aws: Aws, queue: Queue, *, wait_seconds: int = 1) -> Iterator[str]:
    found = aws.sqs.receive_message(
        QueueUrl=queue.url, MaxNumberOfMessages=10, WaitTimeSeconds=wait_seconds
    )
    for message in found.get("Messages", []):
        yield message["Body"]


def keys(aws: Aws, queue: Queue) -> list[str]:
    records = (
        record for body in bodies(aws, queue) for record in json.loads(body).get("Records", [])
    )
    return [record["s3"]["object"]["key"] for record in records]


def test_object_below_the_prefix_is_announced(aws: Aws, resources: Assembly) -> None:
    (name,) = resources.buckets
    for key in ("uploads/one", "images/two"):
        aws.s3.put_object(Bucket=name, Key=key, Body=b"x")

    assert keys(aws, main_queue(resources)) == ["uploads/one"]


def test_making_them_again_keeps_objects_and_sends_no_test_event(
    aws: Aws, resources: Assembly
) -> None:
    (name,) = resources.buckets
    aws.s3.put_object(Bucket=name, Key="images/kept", Body=b"x")
    aws.sqs.purge_queue(QueueUrl=main_queue(resources).url)

    make_resources(resources, aws, origins=[ORIGIN])

    assert aws.s3.get_object(Bucket=name, Key="images/kept")["Body"].read() == b"x"
    assert list(bodies(aws, main_queue(resources))) == []


def test_message_moves_to_the_dead_letters_after_its_receives(
    aws: Aws, resources: Assembly
) -> None:
    queue = main_queue(resources)
    aws.sqs.purge_queue(QueueUrl=queue.url)
    aws.sqs.send_message(QueueUrl=queue.url, MessageBody="poison")

    received = 0
    deadline = time.monotonic() + 15
    while not (moved := list(bodies(aws, dead_letters(resources), wait_seconds=0))):
        received += len(list(bodies(aws, queue)))
        assert time.monotonic() < deadline

    assert (received, moved) == (2, ["poison"])


def test_message_is_hidden_for_the_visibility_timeout(aws: Aws, resources: Assembly) -> None:
    queue = main_queue(resources)
    aws.sqs.purge_queue(QueueUrl=queue.url)
    aws.sqs.send_message(QueueUrl=queue.url, MessageBody="again")
    assert list(bodies(aws, queue)) == ["again"]
    taken = time.monotonic()

    assert list(bodies(aws, queue, wait_seconds=0)) == []
    assert list(bodies(aws, queue, wait_seconds=5)) == ["again"]
    assert time.monotonic() - taken >= 0.9


@pytest.mark.parametrize("name", ["VisibilityTimeout", "MessageRetentionPeriod", "RedrivePolicy"])
def test_changed_setting_of_a_kept_queue_is_put_right(
    aws: Aws, resources: Assembly, name: Any
) -> None:
    url = main_queue(resources).url
    before = aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    other = {"VisibilityTimeout": "9", "MessageRetentionPeriod": "900", "RedrivePolicy": ""}
    aws.sqs.set_queue_attributes(QueueUrl=url, Attributes={name: other[name]})

    make_resources(resources, aws, origins=[ORIGIN])

    after = aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert after[name] == before[name]


def test_a_bus_takes_events_and_stays(aws: Aws, resources: Assembly) -> None:
    [bus] = resources.event_buses
    make_resources(resources, aws, origins=[ORIGIN])

    told = {"Source": "s", "DetailType": "d", "Detail": "{}", "EventBusName": bus.name}
    reply = aws.events.put_events(Entries=[told])

    assert aws.events.describe_event_bus(Name=bus.name)["Arn"] == bus.arn
    assert reply["FailedEntryCount"] == 0
