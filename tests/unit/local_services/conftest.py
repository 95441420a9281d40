import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.assembly import Assembly, Bucket, CorsRule, EventBus, Notification, Queue, Statement
from local.services.aws import Aws
from local.services.emulator import Emulator
from local.triggers.resources import make_resources

REGION, ACCOUNT = "eu-central-1", "000000000000"
ORIGIN = "http://localhost:3000"


@pytest.fixture
def folder() -> Iterator[Path]:
    """Passable for the account that PostgreSQL runs as, which pytest's own folders are not."""
    with tempfile.TemporaryDirectory(prefix="djamms-") as path:
        Path(path).chmod(0o711)
        yield Path(path)


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    emulator = Emulator(tmp_path_factory.mktemp("emulator"))
    emulator.start(region=REGION, account=ACCOUNT)
    yield emulator
    emulator.stop()


@pytest.fixture(scope="session")
def aws(emulator: Emulator) -> Aws:
    return Aws(emulator.url, REGION, emulator.credentials)


def arn_of(name: str) -> str:
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"


def queue(
    name: str, url: str, *, dead_letters: str | None = None, visibility_seconds: int = 30
) -> Queue:
    return Queue(
        name=name,
        logical_id=name,
        arn=arn_of(name),
        url=f"{url}/{ACCOUNT}/{name}",
        visibility_timeout_seconds=visibility_seconds,
        retention_seconds=345_600,
        delay_seconds=0,
        receive_wait_seconds=0,
        fifo=False,
        dead_letter_arn=arn_of(dead_letters) if dead_letters else None,
        max_receive_count=2 if dead_letters else None,
        policy=(
            Statement(
                "Allow",
                actions=("sqs:SendMessage",),
                resources=(arn_of(name),),
                principals=("Service:s3.amazonaws.com",),
            ),
            Statement(
                "Deny",
                actions=("sqs:*",),
                resources=(arn_of(name),),
                principals=("AWS:*",),
                conditions={"Bool": {"aws:SecureTransport": ("false",)}},
            ),
        ),
    )


def bucket(name: str, queue_name: str) -> Bucket:
    return Bucket(
        name=name,
        logical_id=name,
        arn=f"arn:aws:s3:::{name}",
        notifications=(Notification(("s3:ObjectCreated:*",), arn_of(queue_name), "uploads/", ""),),
        cors=(CorsRule((ORIGIN,), ("POST", "PUT"), ("*",), ("ETag",), 7200),),
        versioned=False,
        policy=(),
    )


def assembly(url: str, name: str) -> Assembly:
    """A bucket that notifies a queue that has a dead-letter queue."""
    dead = queue(f"{name}-dead", url)
    main = queue(name, url, dead_letters=dead.name, visibility_seconds=1)
    return Assembly(
        directory=Path(),
        region=REGION,
        account=ACCOUNT,
        functions={},
        apis=(),
        queues={main.arn: main, dead.arn: dead},
        event_sources=(),
        buckets={name: bucket(name, name)},
        schedules=(),
        secrets={},
        distributions=(),
        ignored=(),
        event_buses=(EventBus(name, name, f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/{name}"),),
    )


@pytest.fixture
def resources(emulator: Emulator, aws: Aws, request: pytest.FixtureRequest) -> Assembly:
    """An assembly of the test's own, made in the emulator."""
    name = re.sub(r"[^a-z0-9]+", "-", request.node.name.lower())[-50:].strip("-")
    made = assembly(emulator.url, name)
    make_resources(made, aws, origins=[ORIGIN])
    return made
