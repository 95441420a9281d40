"""A real bucket and queue in the local emulator; the database is rolled back after each test."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import boto3
import pytest
from sqlalchemy.orm import Session

from djamms.models.user import User
from djamms.music.ingest_events import IngestQueue
from djamms.storage import client
from djamms.storage.store import ObjectStore
from local.services.emulator import Emulator
from tests.support.ingest import BUCKET, REGION, Workshop


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    with tempfile.TemporaryDirectory(prefix="djamms-test-") as folder:
        running = Emulator(Path(folder)).start(region=REGION, account="000000000000")
        yield running
        running.stop()


@pytest.fixture
def aws(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The clients of this process talk to the emulator, with its key."""
    # A session keeps the credentials that it has found once.
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    for name, value in emulator.credentials.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.url)
    # It keeps the credentials that it met first.
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    for factory in (client.s3_client, client.sqs_client):
        factory.cache_clear()
    yield
    for factory in (client.s3_client, client.sqs_client):
        factory().close()
        factory.cache_clear()


@pytest.fixture
def store(aws: None) -> Iterator[ObjectStore]:
    """An empty bucket."""
    s3 = client.s3_client()
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    store = ObjectStore(s3, BUCKET)
    yield store
    for found in [info for page in store.pages("") for info in page]:
        store.delete(found.key)
    s3.delete_bucket(Bucket=BUCKET)


@pytest.fixture
def queue(aws: None) -> Iterator[IngestQueue]:
    sqs = client.sqs_client()
    url = sqs.create_queue(QueueName=f"ingest-{uuid4()}")["QueueUrl"]
    yield IngestQueue(sqs, url, BUCKET)
    sqs.delete_queue(QueueUrl=url)


@pytest.fixture
def workshop(session: Session, store: ObjectStore, user: User) -> Workshop:
    return Workshop(session, store, user)
