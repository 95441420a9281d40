"""Restoring on committed rows and a real bucket, next to whatever else changes tracks."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import Engine, delete, event, select, text
from sqlalchemy.orm import Session, sessionmaker

from djamms import clock
from djamms.db import session as sessions
from djamms.db.session import transaction
from djamms.models.track import Track
from djamms.models.user import Role
from djamms.music.editing import delete_tracks, edit_tracks
from djamms.music.restoring import restore_all
from djamms.music.trash import empty_trash
from djamms.security.principal import Principal
from djamms.storage.store import ObjectStore
from tests.support.factories import make_track

ROUNDS = 8
ADMIN = Principal(user_id=UUID(int=7), role=Role.ADMIN, session_id=None)


@pytest.fixture
def committed(database: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """Transactions with connections of their own."""
    factory = sessionmaker(database, expire_on_commit=False)
    monkeypatch.setattr(sessions, "session_factory", lambda: factory)
    yield database
    with database.begin() as connection:
        connection.execute(delete(Track))


def make_deleted(engine: Engine, count: int) -> list[UUID]:
    with Session(engine) as session:
        gone = {"is_active": False, "deleted_at": clock.now()}
        ids = sorted(make_track(session, f"Song {n}", **gone).id for n in range(count))
        session.commit()
    return ids


def fill(engine: Engine, store: ObjectStore) -> None:
    with Session(engine) as session:
        for key in session.scalars(select(Track.object_key)):
            store.put(key, b"sound", content_type="audio/mpeg", cache="no-store")


def bring_back(store: ObjectStore, track_ids: Sequence[UUID]) -> Sequence[UUID]:
    with transaction() as database:
        return restore_all(database, store=store, track_ids=track_ids)


def keys(engine: Engine) -> set[str]:
    with Session(engine) as session:
        return set(session.scalars(select(Track.object_key)))


def stored(store: ObjectStore) -> set[str]:
    return {info.key for page in store.pages("") for info in page}


def test_a_track_has_its_sound_after_the_trash_was_emptied_in_part(
    committed: Engine, store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = make_deleted(committed, 3)
    fill(committed, store)
    places, copy, copies = stored(store), store.duplicate, iter([True, True, False])

    def failing(key: str, to: str) -> None:
        copy(key, to)
        if not next(copies):
            raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(store, "duplicate", failing)
        with pytest.raises(ConnectionError):
            empty_trash(transaction, store=store)

    assert sum(key.startswith("trash/") for key in keys(committed)) == 2
    assert keys(committed) <= stored(store)
    assert bring_back(store, ids) == ids
    assert keys(committed) == stored(store) == places


def test_what_was_restored_since_the_move_keeps_its_sound(
    committed: Engine, store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = make_deleted(committed, 1)
    fill(committed, store)
    places = stored(store)
    monkeypatch.setattr("djamms.music.trash._remove_moved", between(store, ids))

    assert empty_trash(transaction, store=store).moved == 1

    assert keys(committed) == stored(store) == places


def between(store: ObjectStore, ids: Sequence[UUID]) -> Callable[..., None]:
    from djamms.music.trash import _remove_moved

    def restored_first(*arguments: object) -> None:
        bring_back(store, ids)
        _remove_moved(*arguments)  # type: ignore[arg-type]

    return restored_first


def edit(track_ids: Sequence[UUID], title: str) -> None:
    with transaction() as database:
        changes = {"title": title}
        edit_tracks(database, principal=ADMIN, track_ids=track_ids, changes=changes)


def discard(track_ids: Sequence[UUID]) -> None:
    with transaction() as database:
        delete_tracks(database, principal=ADMIN, track_ids=track_ids)


def test_restores_edits_and_deletions_at_once_do_not_deadlock(
    committed: Engine, store: ObjectStore
) -> None:
    ids = make_deleted(committed, 30)
    fill(committed, store)
    places = stored(store)
    steps: list[Callable[[int], object]] = [
        lambda _: bring_back(store, ids[::2]),
        lambda _: bring_back(store, ids[1::2]),
        lambda number: bring_back(store, ids[number % 3 : 9]),
        lambda number: edit(ids, f"New {number}"),
        lambda number: discard(ids[number % 3 :]),
        lambda _: empty_trash(transaction, store=store),
    ]
    start = Barrier(len(steps))

    def repeat(step: Callable[[int], object]) -> None:
        start.wait()
        for number in range(ROUNDS):
            step(number)

    with ThreadPoolExecutor(len(steps)) as pool:
        list(pool.map(repeat, steps))

    bring_back(store, ids)
    assert keys(committed) == stored(store) == places


def test_restores_that_overlap_do_not_deadlock(
    committed: Engine, store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second one waits for a row of the first, which has yet to lock the counts."""
    ids = make_deleted(committed, 2)
    fill(committed, store)
    empty_trash(transaction, store=store)
    copy, started = store.duplicate, list[Future[Sequence[UUID]]]()

    def slow(key: str, to: str) -> None:
        if not started:
            started.append(pool.submit(bring_back, store, ids))
            wait_for_lock(committed)
        copy(key, to)

    monkeypatch.setattr(store, "duplicate", slow)
    with ThreadPoolExecutor(1) as pool:
        assert bring_back(store, ids[1:]) == ids[1:]
        assert started[0].result() == ids[:1]

    assert keys(committed) == stored(store)


def wait_for_lock(engine: Engine) -> None:
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    deadline = time.monotonic() + 10
    with engine.connect() as connection:
        while not connection.scalar(waiting):
            assert time.monotonic() < deadline


def noted[**P, R](steps: list[str], name: str, method: Callable[P, R]) -> Callable[P, R]:
    def call(*arguments: P.args, **options: P.kwargs) -> R:
        steps.append(name)
        return method(*arguments, **options)

    return call


def test_all_rows_are_locked_then_all_objects_copied_then_all_rows_changed(
    committed: Engine, store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = make_deleted(committed, 3)
    fill(committed, store)
    empty_trash(transaction, store=store)
    steps: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        steps.append("lock" if " FOR NO KEY UPDATE" in statement else statement.split()[0])

    event.listen(committed, "before_cursor_execute", note)
    event.listen(committed, "commit", commit := lambda _connection: steps.append("commit"))
    monkeypatch.setattr(store, "duplicate", noted(steps, "copy", store.duplicate))
    monkeypatch.setattr(store, "delete_all", noted(steps, "remove", store.delete_all))

    bring_back(store, ids)

    event.remove(committed, "before_cursor_execute", note)
    event.remove(committed, "commit", commit)
    copies = ["copy"] * 3
    assert steps == ["lock", *copies, "UPDATE", "commit", "lock", "remove", "commit"]
