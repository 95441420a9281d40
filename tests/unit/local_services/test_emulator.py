"""What the emulator keeps, and whom it refuses."""

import os
import signal
from pathlib import Path

import boto3
import httpx
import pytest
from botocore.exceptions import ClientError

from local.assembly import Assembly
from local.services.aws import Aws
from local.services.emulator import Emulator
from local.services.process import wait_until
from local.triggers.resources import make_resources
from tests.unit.local_services.conftest import ACCOUNT, ORIGIN, REGION, assembly


def start(home: Path) -> tuple[Emulator, Aws, Assembly]:
    emulator = Emulator(home).start(region=REGION, account=ACCOUNT)
    aws = Aws(emulator.url, REGION, emulator.credentials)
    made = assembly(emulator.url, "kept")
    make_resources(made, aws, origins=[ORIGIN])
    return emulator, aws, made


def kill(emulator: Emulator) -> None:
    assert emulator.pid
    os.kill(emulator.pid, signal.SIGKILL)
    wait_until(lambda: emulator.pid is None, seconds=5, problem="it lives")


def receive(aws: Aws, made: Assembly) -> list[str]:
    queue = made.queues[f"arn:aws:sqs:{REGION}:{ACCOUNT}:kept"]
    found = aws.sqs.receive_message(QueueUrl=queue.url, MaxNumberOfMessages=10)
    return [message["Body"] for message in found.get("Messages", [])]


def test_objects_and_their_metadata_survive_a_kill(tmp_path: Path) -> None:
    emulator, aws, _ = start(tmp_path)
    body = os.urandom(1_000_000)
    aws.s3.put_object(
        Bucket="kept", Key="audio/a b.mp3", Body=body, ContentType="audio/mpeg", Metadata={"a": "b"}
    )
    before = aws.s3.head_object(Bucket="kept", Key="audio/a b.mp3")

    kill(emulator)
    emulator, aws, _ = start(tmp_path)

    after = aws.s3.get_object(Bucket="kept", Key="audio/a b.mp3")
    assert after["Body"].read() == body
    for name in ("ContentType", "ContentLength", "ETag", "Metadata", "LastModified"):
        assert after.get(name) == before.get(name)
    emulator.stop()


def test_queues_survive_a_stop_and_nothing_older_comes_back_after_a_kill(tmp_path: Path) -> None:
    emulator, aws, made = start(tmp_path)
    receive(aws, made)  # the bucket's test event
    queue = made.queues[f"arn:aws:sqs:{REGION}:{ACCOUNT}:kept"]
    aws.sqs.purge_queue(QueueUrl=queue.url)
    aws.sqs.send_message(QueueUrl=queue.url, MessageBody="hello")

    emulator.stop()
    emulator, aws, made = start(tmp_path)
    assert receive(aws, made) == ["hello"]

    kill(emulator)
    emulator, aws, made = start(tmp_path)
    assert "hello" not in receive(aws, made)
    emulator.stop()


def test_address_and_key_are_kept(tmp_path: Path) -> None:
    first = Emulator(tmp_path).start(region=REGION, account=ACCOUNT)
    first.stop()

    second = Emulator(tmp_path)

    assert (second.url, second.credentials) == (first.url, first.credentials)


def test_emulator_left_behind_is_ended_by_the_next_start(tmp_path: Path) -> None:
    old = Emulator(tmp_path).start(region=REGION, account=ACCOUNT)

    new = Emulator(tmp_path).start(region=REGION, account=ACCOUNT)

    assert old.pid is None
    assert new.is_healthy()
    new.stop()


def test_anonymous_reading_is_refused(emulator: Emulator, resources: Assembly) -> None:
    (name,) = resources.buckets

    assert httpx.get(f"{emulator.url}/{name}/uploads/x").status_code == 403


def test_unknown_key_is_refused(emulator: Emulator, resources: Assembly) -> None:
    stranger = boto3.client(
        "s3",
        endpoint_url=emulator.url,
        region_name=REGION,
        aws_access_key_id="somebody",
        aws_secret_access_key="else",
    )

    with pytest.raises(ClientError, match="InvalidAccessKeyId"):
        stranger.list_objects_v2(Bucket=next(iter(resources.buckets)))


def test_range_of_an_object(aws: Aws, resources: Assembly) -> None:
    (name,) = resources.buckets
    aws.s3.put_object(Bucket=name, Key="audio/x", Body=b"0123456789")

    found = aws.s3.get_object(Bucket=name, Key="audio/x", Range="bytes=2-4")

    assert (found["Body"].read(), found["ContentRange"]) == (b"234", "bytes 2-4/10")


def test_browser_may_upload_from_an_origin_of_the_template(aws: Aws, resources: Assembly) -> None:
    (name,) = resources.buckets
    post = aws.s3.generate_presigned_post(name, "uploads/x")
    asks = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}

    preflight = httpx.options(post["url"], headers=asks)
    reply = httpx.post(
        post["url"], data=post["fields"], files={"file": b"x"}, headers={"Origin": ORIGIN}
    )

    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == ORIGIN
    assert reply.status_code == 204
    assert reply.headers["access-control-allow-origin"] == ORIGIN


def test_browser_may_not_upload_from_elsewhere(aws: Aws, resources: Assembly) -> None:
    (name,) = resources.buckets
    asks = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}

    preflight = httpx.options(aws.s3.generate_presigned_post(name, "x")["url"], headers=asks)

    assert preflight.status_code == 403
    assert "access-control-allow-origin" not in preflight.headers


@pytest.mark.parametrize(
    ("change", "size", "status"),
    [({}, 10, 204), ({"key": "uploads/other"}, 10, 403), ({}, 11, 400)],
    ids=["as signed", "another key", "too large"],
)
def test_policy_of_an_upload_is_enforced(
    aws: Aws, resources: Assembly, change: dict[str, str], size: int, status: int
) -> None:
    (name,) = resources.buckets
    post = aws.s3.generate_presigned_post(
        name, "uploads/x", Conditions=[["content-length-range", 1, 10]]
    )

    reply = httpx.post(post["url"], data=post["fields"] | change, files={"file": b"x" * size})

    assert reply.status_code == status


def test_a_full_disk_is_told_and_only_storing_is_refused(tmp_path: Path) -> None:
    emulator, aws, made = start(tmp_path)
    aws.s3.put_object(Bucket="kept", Key="old", Body=b"old")
    form = aws.s3.generate_presigned_post("kept", "uploads/x")
    emulator.stop()
    emulator = Emulator(tmp_path, reserve_bytes=1 << 60)
    emulator.start(region=REGION, account=ACCOUNT)

    reply = httpx.post(
        form["url"], data=form["fields"], files={"file": b"x" * 3_000_000}, trust_env=False
    )
    with pytest.raises(ClientError) as refused:
        aws.s3.put_object(Bucket="kept", Key="new", Body=b"new")

    assert (reply.status_code, "InsufficientStorage" in reply.text) == (507, True)
    assert reply.headers["access-control-allow-origin"] == "*"
    assert refused.value.response["Error"]["Code"] == "InsufficientStorage"
    assert aws.s3.get_object(Bucket="kept", Key="old")["Body"].read() == b"old"
    aws.s3.delete_objects(Bucket="kept", Delete={"Objects": [{"Key": "old"}]})
    assert aws.s3.list_objects_v2(Bucket="kept")["KeyCount"] == 0
    aws.sqs.send_message(
        QueueUrl=made.queues[f"arn:aws:sqs:{REGION}:{ACCOUNT}:kept"].url, MessageBody="hello"
    )
    emulator.stop()
