"""An upload that its owner takes back, whatever has become of it by then."""

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from djamms import clock
from djamms.models.track import CANCELLED, Upload, UploadState
from djamms.music.ingest import Result, ingest_upload
from djamms.music.ingest_events import IngestQueue
from djamms.music.reconcile import reconcile_uploads
from djamms.storage.store import ObjectStore
from tests.support import audio
from tests.support.api import Client
from tests.support.ingest import Workshop

SONG = audio.mp3({"TIT2": "Blue Train"}, seconds=1)


def take_back(client: Client, upload: Upload) -> int:
    return client.delete(f"/api/music/tracks/{upload.id}").status


@pytest.fixture
def later() -> Iterator[datetime]:
    moment = clock.now() + timedelta(minutes=10)
    clock.set_clock(lambda: moment)
    yield moment
    clock.set_clock(None)


@pytest.mark.parametrize("content", [None, SONG])
@pytest.mark.parametrize(
    "state", [UploadState.UPLOADING, UploadState.PROCESSING, UploadState.FAILED]
)
def test_goes_with_its_object_in_any_state(
    workshop: Workshop, as_user: Client, state: UploadState, content: bytes | None
) -> None:
    upload = workshop.upload(content, state=state)

    assert [take_back(as_user, upload) for _ in range(2)] == [200, 200]

    assert workshop.objects() == set()
    assert as_user.get(f"/api/music/tracks/{upload.id}").status == 404


def test_a_late_event_brings_nothing_back(
    session: Session, store: ObjectStore, workshop: Workshop, as_user: Client
) -> None:
    upload = workshop.upload(SONG)
    take_back(as_user, upload)
    workshop.put(upload.object_key, SONG)
    session.expire_all()

    outcome = ingest_upload(session, store=store, track_id=upload.id)
    store.delete_all(filter(None, [outcome.discard_key]))

    assert outcome.result is Result.CANCELLED
    assert workshop.track(upload.id) is None
    assert workshop.objects() == set()


def test_an_object_that_stayed_is_sent_to_be_removed(
    session: Session,
    store: ObjectStore,
    queue: IngestQueue,
    workshop: Workshop,
    later: datetime,
) -> None:
    workshop.upload(SONG, state=UploadState.FAILED, failure_code=CANCELLED)

    assert reconcile_uploads(lambda: nullcontext(session), store=store, queue=queue).requeued == 1


def test_what_became_a_track_is_deleted_as_one(
    session: Session, store: ObjectStore, workshop: Workshop, as_user: Client
) -> None:
    upload = workshop.upload(SONG)
    ingest_upload(session, store=store, track_id=upload.id)

    assert take_back(as_user, upload) == 200

    track = workshop.track(upload.id)
    assert track is not None
    assert not track.is_active
    assert track.object_key in workshop.objects()


def test_it_is_the_owner_s_and_the_moderators_only(
    workshop: Workshop, as_other: Client, as_moderator: Client, anonymous: Client
) -> None:
    upload = workshop.upload(SONG)

    assert take_back(anonymous, upload) == 401
    assert take_back(as_other, upload) == 404
    assert workshop.objects() == {upload.object_key}
    assert take_back(as_moderator, upload) == 200
