import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from itertools import batched
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from djamms import clock
from djamms.models.track import Upload, UploadState
from djamms.music.ingest import ingest_upload
from djamms.music.ingest_events import IngestQueue, created_keys
from djamms.music.reconcile import (
    MAX_ATTEMPTS,
    Reconciled,
    expire_uploads,
    reconcile_uploads,
)
from djamms.storage.client import sqs_client
from djamms.storage.keys import upload_key
from djamms.storage.store import ObjectInfo, ObjectStore
from tests.support import audio
from tests.support.ingest import Workshop

SONG = audio.mp3(seconds=1)


def transaction_of(session: Session) -> Callable[[], AbstractContextManager[Session]]:
    return lambda: nullcontext(session)


@pytest.fixture
def later() -> Iterator[datetime]:
    """Ten minutes from now."""
    moment = clock.now() + timedelta(minutes=10)
    clock.set_clock(lambda: moment)
    yield moment
    clock.set_clock(None)


@pytest.fixture
def run(session: Session, store: ObjectStore, queue: IngestQueue) -> Any:
    def reconcile(**options: int) -> Reconciled:
        return reconcile_uploads(transaction_of(session), store=store, queue=queue, **options)

    return reconcile


def received(queue: IngestQueue) -> list[str]:
    """The keys of all messages in the queue."""
    keys: list[str] = []
    while (
        messages := sqs_client()
        .receive_message(QueueUrl=queue.url, MaxNumberOfMessages=10)
        .get("Messages")
    ):
        keys += [key for message in messages for key in created_keys(message["Body"])]
    return sorted(keys)


def test_announces_an_object_whose_event_was_lost(
    workshop: Workshop, queue: IngestQueue, run: Any, later: datetime
) -> None:
    upload = workshop.upload(SONG)

    report = run()

    assert report == Reconciled(requeued=1)
    assert received(queue) == [upload.object_key]
    assert (upload.state, upload.attempts) == (UploadState.PROCESSING, 1)


def test_announces_many_in_batches(
    workshop: Workshop, queue: IngestQueue, run: Any, later: datetime
) -> None:
    keys = sorted(workshop.upload(b"x").object_key for _ in range(23))

    assert run().requeued == 23

    assert received(queue) == keys


def test_gives_a_young_upload_its_time(workshop: Workshop, run: Any) -> None:
    upload = workshop.upload(SONG)

    assert run() == Reconciled()
    assert upload.state == UploadState.UPLOADING


def test_a_start_waits_for_nothing(workshop: Workshop, run: Any) -> None:
    workshop.upload(SONG)

    assert run(min_age_seconds=0).requeued == 1


def test_waits_longer_after_each_attempt(workshop: Workshop, run: Any, later: datetime) -> None:
    workshop.upload(SONG, attempts=2, updated_at=later - timedelta(minutes=19))

    assert run().requeued == 0

    clock.set_clock(lambda: later + timedelta(minutes=2))
    assert run().requeued == 1


def test_gives_up_in_the_end(workshop: Workshop, run: Any, later: datetime) -> None:
    upload = workshop.upload(SONG, attempts=MAX_ATTEMPTS, updated_at=later - timedelta(days=1))

    assert run() == Reconciled(given_up=1)

    assert (upload.state, upload.failure_code) == (UploadState.FAILED, "processing_error")
    assert workshop.objects() == {upload.object_key}


def test_an_upload_that_never_came_expires(
    session: Session, store: ObjectStore, workshop: Workshop, later: datetime
) -> None:
    upload = workshop.upload(None, expires_at=later - timedelta(hours=2))

    assert expire_uploads(session, store=store) == 1

    assert (upload.state, upload.failure_code) == (UploadState.FAILED, "upload_expired")


def test_a_late_upload_has_some_minutes_of_grace(
    session: Session, store: ObjectStore, workshop: Workshop, later: datetime
) -> None:
    workshop.upload(None, expires_at=later - timedelta(minutes=14))

    assert expire_uploads(session, store=store) == 0


def test_an_upload_whose_object_came_does_not_expire(
    session: Session, store: ObjectStore, workshop: Workshop, later: datetime
) -> None:
    workshop.upload(SONG, expires_at=later - timedelta(hours=2))

    assert expire_uploads(session, store=store) == 0


def test_an_expired_window_does_not_matter_when_the_object_came(
    workshop: Workshop, run: Any, later: datetime
) -> None:
    upload = workshop.upload(SONG, expires_at=later - timedelta(days=1))

    assert run() == Reconciled(requeued=1)
    assert upload.state == UploadState.PROCESSING


def test_an_object_without_an_upload_is_reported_and_stays(
    workshop: Workshop, run: Any, later: datetime
) -> None:
    strays = {"uploads/0190a1b2-0000-4000-8000-00000000000f", "uploads/notes.txt"}
    for key in strays:
        workshop.put(key, SONG)

    assert run() == Reconciled(unknown_objects=2)

    assert workshop.objects() == strays


def test_a_left_over_object_of_a_track_is_sent_to_be_cleaned_up(
    session: Session, workshop: Workshop, queue: IngestQueue, run: Any, later: datetime
) -> None:
    upload = workshop.upload(SONG)
    ingest_upload(session, store=workshop.store, track_id=upload.id)

    assert run().requeued == 1

    assert received(queue) == [upload.object_key]
    assert upload.state == UploadState.READY


def test_a_failed_upload_is_left_alone(workshop: Workshop, run: Any, later: datetime) -> None:
    workshop.upload(b"words", state=UploadState.FAILED, failure_code="not_audio")

    assert run() == Reconciled()


def test_a_message_reads_like_s3_s_own(
    workshop: Workshop, queue: IngestQueue, run: Any, later: datetime
) -> None:
    upload = workshop.upload(SONG)
    run()

    message = sqs_client().receive_message(QueueUrl=queue.url)["Messages"][0]

    (record,) = json.loads(message["Body"])["Records"]
    assert record["eventSource"] == "aws:s3"
    assert record["s3"]["object"] == {"key": upload.object_key, "size": len(SONG)}


def test_nothing_is_given_up_while_the_queue_is_down(
    session: Session, store: ObjectStore, workshop: Workshop, later: datetime
) -> None:
    class Down(IngestQueue):
        def __init__(self) -> None:
            self.url = ""

        def announce(self, objects: Any, *, delay_seconds: int = 0) -> None:
            raise ConnectionError("the queue does not answer")

    upload = workshop.upload(SONG)
    session.commit()

    with pytest.raises(ConnectionError):
        reconcile_uploads(transaction_of(session), store=store, queue=Down())

    session.rollback()
    assert session.get_one(Upload, upload.id).attempts == 0


class Bucket(ObjectStore):
    """A bucket that is listed two by two."""

    def __init__(self, objects: list[ObjectInfo]) -> None:
        self.objects = objects

    def pages(
        self, prefix: str, *, after: str = "", page_size: int = 1000
    ) -> Iterator[list[ObjectInfo]]:
        yield from map(
            list, batched((one for one in self.objects if one.key > after), 2, strict=False)
        )


def never() -> Any:
    raise AssertionError("the database is not needed")


@pytest.mark.parametrize(
    ("ages", "minute"),
    [([], 30), ([timedelta(minutes=4)], 3), ([timedelta(days=2)] * 2, 30)],
    ids=["nothing", "too young", "looked at for days"],
)
def test_the_database_sleeps_while_nothing_is_due(
    queue: IngestQueue, ages: list[timedelta], minute: int
) -> None:
    now = clock.now().replace(minute=minute)
    objects = [
        ObjectInfo(upload_key(UUID(int=number)), 1, now - age) for number, age in enumerate(ages)
    ]
    clock.set_clock(lambda: now)
    try:
        report = reconcile_uploads(never, store=Bucket(objects), queue=queue)
    finally:
        clock.set_clock(None)

    assert report == Reconciled()


def test_what_lies_there_for_days_is_looked_at_once_an_hour(
    session: Session, workshop: Workshop, queue: IngestQueue
) -> None:
    now = clock.now().replace(minute=2)
    upload = workshop.upload(None, updated_at=now - timedelta(days=2))
    bucket = Bucket([ObjectInfo(upload.object_key, 1, now - timedelta(days=2))])
    clock.set_clock(lambda: now)
    try:
        report = reconcile_uploads(transaction_of(session), store=bucket, queue=queue)
    finally:
        clock.set_clock(None)

    assert report.requeued == 1


def test_a_long_list_is_gone_through_in_several_runs(
    session: Session,
    workshop: Workshop,
    queue: IngestQueue,
    later: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("djamms.music.reconcile.MAX_PAGES", 2)
    uploads = [workshop.upload(None) for _ in range(9)]
    long_ago = later - timedelta(minutes=10)
    keys = sorted(upload.object_key for upload in uploads)
    bucket = Bucket([ObjectInfo(key, 1, long_ago) for key in keys])

    def reconcile() -> tuple[int, bool]:
        report = reconcile_uploads(transaction_of(session), store=bucket, queue=queue)
        return report.requeued, report.is_complete

    assert [reconcile() for _ in range(3)] == [(4, False), (4, False), (1, True)]
    assert received(queue) == keys
    # From the first key again, where all wait for their next attempt.
    assert reconcile() == (0, False)
