"""The same event on two workers at once, on committed rows."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from djamms.models.track import Track
from djamms.models.user import User
from djamms.music.ingest import Outcome, Result, ingest_upload
from djamms.storage.store import ObjectStore
from tests.support import audio
from tests.support.factories import make_user
from tests.support.ingest import Workshop

WORKERS = 4


@pytest.fixture
def uploaded(database: Engine, store: ObjectStore) -> Iterator[UUID]:
    with Session(database) as session:
        user = make_user(session, "committed")
        upload = Workshop(session, store, user).upload(audio.mp3({"TIT2": "Sky"}, seconds=2))
        track_id, user_id = upload.id, user.id
        session.commit()
    yield track_id
    with Session(database) as session:
        session.delete(session.get_one(Track, track_id))
        session.delete(session.get_one(User, user_id))
        session.commit()


def test_one_of_many_workers_makes_the_track(
    database: Engine, store: ObjectStore, uploaded: UUID
) -> None:
    start = Barrier(WORKERS)

    def work() -> Outcome:
        start.wait()
        with Session(database) as session, session.begin():
            outcome = ingest_upload(session, store=store, track_id=uploaded)
        store.delete_all(filter(None, [outcome.discard_key]))
        return outcome

    with ThreadPoolExecutor(WORKERS) as pool:
        results = [job.result().result for job in [pool.submit(work) for _ in range(WORKERS)]]

    assert sorted(results) == [Result.ALREADY_READY] * (WORKERS - 1) + [Result.INGESTED]
    with Session(database) as session:
        found = select(func.count()).select_from(Track).where(Track.id == uploaded)
        assert session.scalar(found) == 1
    assert len([info for page in store.pages("audio/") for info in page]) == 1
