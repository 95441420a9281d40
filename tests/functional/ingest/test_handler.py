"""The function as Lambda calls it."""

import io
import json
from collections.abc import Iterable
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from djamms.models.track import Track, Upload, UploadState
from djamms.observability import logger
from djamms.storage.store import ObjectStore
from functions.ingest.handler import handler
from tests.support import audio
from tests.support.ingest import FIRST, SECOND, Workshop, lambda_context, sample_event

SONG = audio.mp3({"TIT2": "Blue Train", "TPE1": "John Coltrane"}, seconds=1)


def failures(event: dict[str, Any], remaining_ms: int = 60_000) -> list[str]:
    answer = handler(event, lambda_context(remaining_ms))
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the logger writes; its stream is bound when it is made."""
    stream = io.StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", stream)
    return stream


def count_tracks(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Track)) or 0


@pytest.mark.parametrize("case", ["upload", "encoded_key", "duplicate"])
def test_makes_one_track(case: str, session: Session, workshop: Workshop) -> None:
    workshop.upload(SONG, id=FIRST)

    assert failures(sample_event(case)) == []

    assert workshop.track(FIRST) is not None
    assert count_tracks(session) == 1
    assert workshop.objects("uploads/") == set()


@pytest.mark.parametrize("case", ["two_in_one_message", "batch_of_two"])
def test_takes_every_record(case: str, workshop: Workshop) -> None:
    workshop.upload(SONG, id=FIRST)
    workshop.upload(SONG, id=SECOND)

    assert failures(sample_event(case)) == []

    assert workshop.track(FIRST)
    assert workshop.track(SECOND)


@pytest.mark.parametrize("case", ["test_event", "strange_key", "removed", "upload"])
def test_passes_over_what_is_no_upload(case: str, session: Session, store: ObjectStore) -> None:
    assert failures(sample_event(case)) == []

    assert count_tracks(session) == 0


def test_files_are_seen_to_be_in_work_before_the_first_is_read(
    session: Session, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready: dict[str, Any] = {"state": UploadState.READY, "id": SECOND}
    first, second = workshop.upload(SONG, id=FIRST), workshop.upload(None, **ready)
    before, seen = first.updated_at, []

    def look(key: str) -> None:
        session.expire_all()
        seen.append((first.state, second.state, first.updated_at == before))

    monkeypatch.setattr("functions.ingest.handler.ingest", look)

    assert failures(sample_event("batch_of_two")) == []
    assert seen == [(UploadState.PROCESSING, UploadState.READY, True)] * 2


def test_a_message_that_is_no_event_fails_alone(workshop: Workshop) -> None:
    workshop.upload(SONG, id=FIRST)
    event = sample_event("not_an_event")

    assert failures(event) == [event["Records"][0]["messageId"]]

    assert workshop.track(FIRST)


def test_one_record_s_trouble_rolls_back_that_record_only(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop.upload(SONG, id=FIRST)
    workshop.upload(SONG, id=SECOND)
    copy = ObjectStore.copy

    def copy_but_one(self: ObjectStore, source: Any, key: str, **options: Any) -> None:
        if str(FIRST) in key:
            raise TimeoutError("the storage does not answer")
        copy(self, source, key, **options)

    monkeypatch.setattr(ObjectStore, "copy", copy_but_one)
    event = sample_event("batch_of_two")

    assert failures(event) == [event["Records"][0]["messageId"]]

    assert workshop.track(FIRST) is None
    assert workshop.track(SECOND)
    assert workshop.objects("uploads/") == {f"uploads/{FIRST}"}


def test_a_raw_object_that_stays_is_cleaned_up_by_the_next_event(
    session: Session, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop.upload(SONG, id=FIRST)

    def fail(self: ObjectStore, keys: Iterable[str]) -> set[str]:
        raise TimeoutError("the storage does not answer")

    with monkeypatch.context() as patch:
        patch.setattr(ObjectStore, "delete_all", fail)
        assert len(failures(sample_event("upload"))) == 1
    assert workshop.track(FIRST)

    assert failures(sample_event("upload")) == []

    assert workshop.objects("uploads/") == set()
    assert count_tracks(session) == 1


def test_only_the_message_whose_object_stays_comes_again(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop.upload(SONG, id=FIRST)
    workshop.upload(SONG, id=SECOND)
    event = sample_event("batch_of_two")
    monkeypatch.setattr(ObjectStore, "delete_all", lambda *_: {f"uploads/{SECOND}"})

    assert failures(event) == [event["Records"][1]["messageId"]]


def test_does_not_begin_what_it_cannot_finish(workshop: Workshop) -> None:
    workshop.upload(SONG, id=FIRST)
    event = sample_event("upload")

    assert failures(event, remaining_ms=2000) == [event["Records"][0]["messageId"]]

    assert workshop.objects("uploads/") == {f"uploads/{FIRST}"}


def test_a_file_at_fault_is_a_finished_record(session: Session, workshop: Workshop) -> None:
    workshop.upload(b"only words", id=FIRST)

    assert failures(sample_event("upload")) == []

    session.expire_all()
    upload = session.get_one(Upload, FIRST)
    assert (upload.state, upload.failure_code) == (UploadState.FAILED, "not_audio")


def test_logs_one_outcome_with_the_request_s_correlation_id(
    workshop: Workshop, log: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    workshop.upload(SONG, id=FIRST)

    failures(sample_event("upload"))

    (outcome,) = map(json.loads, log.getvalue().splitlines())
    assert outcome["message"] == "upload_ingested"
    assert outcome["correlation_id"] == "the-request"
    assert outcome["track_id"] == str(FIRST)
    assert outcome["size_bytes"] == len(SONG)
    assert outcome["elapsed_ms"] >= 0
    assert json.loads(capsys.readouterr().out)["TrackIngested"] == [1.0]


def test_a_file_that_cannot_be_stored_fails(
    monkeypatch: pytest.MonkeyPatch, session: Session, workshop: Workshop
) -> None:
    def too_much(database: Session, track: Track) -> None:
        database.execute(text("SELECT CAST(:n AS smallint)"), {"n": 70_000})

    monkeypatch.setattr("djamms.music.ingest.add_track", too_much)
    workshop.upload(SONG, id=FIRST)

    assert failures(sample_event("upload")) == []

    upload = session.get_one(Upload, FIRST, populate_existing=True)
    assert (upload.state, upload.failure_code) == (UploadState.FAILED, "unreadable")
    assert count_tracks(session) == 0


def test_names_as_long_as_they_may_be_are_stored(session: Session, workshop: Workshop) -> None:
    # Four bytes each, and no two the same: nothing to compress.
    names = {
        frame: "".join(chr(0x20000 + 7 * n + 2000 * place) for n in range(255))
        for place, frame in enumerate(("TIT2", "TPE1", "TALB"))
    }
    workshop.upload(audio.mp3(names, seconds=1), id=FIRST)

    assert failures(sample_event("upload")) == []

    track = workshop.track(FIRST)
    assert track is not None
    assert track.album == names["TALB"]
