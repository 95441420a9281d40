"""The same event on two workers at once, on committed rows."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from djamms.models.track import Track
from djamms.models.user import Role, User
from djamms.music.ingest import Outcome, Result, ingest_upload
from djamms.music.receiving import receive_upload
from djamms.music.schemas import TrackReply
from djamms.security.principal import Principal
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


def test_an_event_that_is_quicker_than_the_commit_waits_for_it(
    database: Engine, store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("djamms.storage.store.media_store", lambda: store)
    with Session(database) as session:
        user_id = make_user(session, "committed").id
        session.commit()

    def work(track_id: UUID) -> Outcome:
        with Session(database) as session, session.begin():
            return ingest_upload(session, store=store, track_id=track_id)

    with ThreadPoolExecutor(1) as pool, Session(database) as session:
        reply = receive(session, user_id, audio.mp3(seconds=1))
        early = pool.submit(work, UUID(reply.id))
        wait_for_lock(database)
        session.commit()
        outcome = early.result()

    with Session(database) as session:
        session.delete(session.get_one(Track, outcome.track_id))
        session.delete(session.get_one(User, user_id))
        session.commit()
    assert outcome.result is Result.INGESTED


def receive(session: Session, user_id: UUID, content: bytes) -> TrackReply:
    return receive_upload(
        session,
        principal=Principal(user_id=user_id, role=Role.USER, session_id=None),
        filename="a.mp3",
        content_type="audio/mpeg",
        content=content,
        is_public=True,
        correlation_id="c",
    )


def wait_for_lock(database: Engine) -> None:
    waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    deadline = time.monotonic() + 10
    with database.connect() as connection:
        while not connection.scalar(waiting):
            assert time.monotonic() < deadline
