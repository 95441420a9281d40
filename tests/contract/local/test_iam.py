"""AWS calls from a worker are allowed and denied as its role in the assembly says."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.iam.usage import read
from local.runtime import NotAuthorized
from tests.contract.local.stage import Loop, Server, Stage
from tests.unit.local.assemblies import (
    Template,
    allow,
    get,
    having,
    join,
    layer,
    policy,
    sample,
    without,
)

PACKAGES = ("boto3", "botocore", "s3transfer", "jmespath", "urllib3", "dateutil", "six")
BUCKET = "media-000000000000"
CALLS: list[str] = []


async def fake_aws(scope: Any, receive: Any, send: Any) -> None:
    """Notes what arrives. Keys that end in `missing` are not there."""
    await receive()
    CALLS.append(f"{scope['method']} {scope['path']}")
    status = 404 if scope["path"].endswith("missing") else 200
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def template(*statements: dict[str, Any]) -> Template:
    layers = [{"Ref": "Aws"}]
    made = having(having(sample(), layer("aws"), "Aws"), layers, "Probe", "Properties", "Layers")
    made = having(made, 10, "Probe", "Properties", "Timeout")
    made = without(made, "Probe", "Properties", "Environment", "Variables", "JWT_SECRET_ARN")
    return having(made, policy("Role", *statements), "RolePolicy")


def link_packages(folder: Path) -> None:
    """The layer `aws`: boto3 and what it needs, from where it is installed."""
    target = folder / "layers/.build/aws/host/python"
    target.mkdir(parents=True)
    for name in PACKAGES:
        spec = importlib.util.find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        origin = Path(spec.origin)
        source = origin.parent if origin.name == "__init__.py" else origin
        (target / source.name).symlink_to(source)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("iam")
    link_packages(folder)
    media = get("Media", "Arn")
    uploads = join(media, "/uploads/*")
    statements = (
        allow(["s3:GetObject", "s3:DeleteObject"], uploads),
        allow("s3:PutObject", join(media, "/images/*")),
        allow("s3:ListBucket", media, Condition={"StringLike": {"s3:prefix": "uploads/*"}}),
        allow("sqs:SendMessage", get("Ingest", "Arn")),
        {"Effect": "Deny", "Action": "s3:GetObject", "Resource": join(media, "/uploads/secret")},
    )
    loop = Loop()
    aws = Server(loop, fake_aws)
    environment = {"AWS_ENDPOINT_URL": aws.url, "AWS_MAX_ATTEMPTS": "1"}
    with Stage(folder, template(*statements), environment=environment) as stage:
        yield stage
    aws.close()
    loop.close()


def call(stage: Stage, service: str, name: str, **params: Any) -> Any:
    CALLS.clear()
    event = {"do": "aws", "service": service, "call": name, "with": params}
    return stage.result(event)["returned"]


def s3(stage: Stage, name: str, key: str, **params: Any) -> Any:
    return call(stage, "s3", name, Bucket=BUCKET, Key=key, **params)


@pytest.mark.parametrize(
    ("name", "key", "sent"),
    [
        ("get_object", "uploads/1", "GET"),
        ("head_object", "uploads/1", "HEAD"),
        ("delete_object", "uploads/1", "DELETE"),
        ("put_object", "images/1", "PUT"),
    ],
)
def test_sends_what_the_role_allows(stage: Stage, name: str, key: str, sent: str) -> None:
    assert "ResponseMetadata" in s3(stage, name, key)
    assert [f"{sent} /{BUCKET}/{key}"] == CALLS


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("get_object", "audio/1"),
        ("put_object", "uploads/1"),
        ("delete_object", "images/1"),
        ("get_object", "uploads/secret"),
    ],
)
def test_denies_the_rest_before_it_is_sent(stage: Stage, name: str, key: str) -> None:
    denied = s3(stage, name, key)

    assert denied["code"] == "AccessDenied"
    assert CALLS == []


def test_a_denial_names_function_action_and_resource(stage: Stage) -> None:
    message = s3(stage, "get_object", "audio/1")["message"]

    assert "assumed-role/app-Role/probe is not authorized to perform: s3:GetObject" in message
    assert f"on resource: arn:aws:s3:::{BUCKET}/audio/1 because no identity-based" in message


def test_a_copy_reads_its_source_and_writes_its_target(stage: Stage) -> None:
    allowed = s3(stage, "copy_object", "images/1", CopySource=f"{BUCKET}/uploads/1")
    no_read = s3(stage, "copy_object", "images/1", CopySource=f"{BUCKET}/audio/1")
    no_write = s3(stage, "copy_object", "audio/1", CopySource=f"{BUCKET}/uploads/1")

    assert "ResponseMetadata" in allowed
    assert "s3:GetObject" in no_read["message"]
    assert "s3:PutObject" in no_write["message"]


def test_a_condition_limits_listing_to_a_prefix(stage: Stage) -> None:
    assert "code" not in call(stage, "s3", "list_objects_v2", Bucket=BUCKET, Prefix="uploads/")
    assert call(stage, "s3", "list_objects_v2", Bucket=BUCKET)["code"] == "AccessDenied"


def test_a_missing_object_is_a_denial_for_who_may_not_list(stage: Stage) -> None:
    denied = s3(stage, "head_object", "uploads/missing")

    assert denied["code"] == "AccessDenied"
    assert "s3:ListBucket" in denied["message"]


def test_checks_presigned_urls_when_they_are_signed(stage: Stage) -> None:
    def sign(key: str) -> Any:
        params = {"Bucket": BUCKET, "Key": key}
        return call(stage, "s3", "generate_presigned_url", ClientMethod="put_object", Params=params)

    assert sign("images/1").startswith("http")
    assert sign("audio/1")["code"] == "AccessDenied"


def test_checks_presigned_posts_when_they_are_signed(stage: Stage) -> None:
    assert s3(stage, "generate_presigned_post", "images/1") == ["fields", "url"]
    assert s3(stage, "generate_presigned_post", "uploads/1")["code"] == "AccessDenied"


def test_checks_queues_by_their_url(stage: Stage) -> None:
    url = stage.assembly.functions["probe"].environment["INGEST_QUEUE_URL"]

    denied = call(stage, "sqs", "receive_message", QueueUrl=url)

    assert "sqs:ReceiveMessage on resource: arn:aws:sqs:eu-central-1" in denied["message"]


def test_an_operation_without_an_entry_is_an_error_that_names_it(stage: Stage) -> None:
    event = {"do": "aws", "service": "s3", "call": "list_buckets", "with": {}}

    kind, error, message = stage.failure(event)

    assert (kind, error) == ("Handled", "PolicyError")
    assert message.startswith("probe calls s3:ListBuckets, which has no entry")


def test_notes_the_grants_that_were_used(stage: Stage) -> None:
    s3(stage, "get_object", "uploads/1")
    s3(stage, "get_object", "audio/1")

    used = {(name, action) for name, action, _ in read(stage.config.usage_log)}

    assert ("probe", "s3:GetObject") in used
    assert ("probe", "sqs:ReceiveMessage") not in used


def test_a_poller_needs_the_function_s_role(tmp_path: Path) -> None:
    link_packages(tmp_path)
    with Stage(tmp_path, template()) as stage, pytest.raises(NotAuthorized, match="ReceiveMessage"):
        stage.loop.run(stage.runtime.authorise_poller(stage.assembly.event_sources[0]))


def test_triggers_note_what_they_use(tmp_path: Path) -> None:
    with Stage(tmp_path, sample()) as stage:
        runtime, assembly = stage.runtime, stage.assembly
        stage.loop.run(runtime.authorise_poller(assembly.event_sources[0]))
        stage.loop.run(runtime.authorise_schedule(assembly.schedules[0]))

        used = {(name, action) for name, action, _ in read(stage.config.usage_log)}

    assert ("probe", "sqs:DeleteMessage") in used
    assert ("app-Tick", "lambda:InvokeFunction") in used
