from collections.abc import Iterable
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from djamms import clock
from djamms.db.session import transaction
from djamms.errors import Conflict, NotFound
from djamms.models.track import Track
from djamms.music.restoring import restore
from djamms.music.trash import empty_trash
from djamms.storage.keys import ArtworkSize, artwork_key
from djamms.storage.store import ObjectMissing, ObjectStore
from tests.support.factories import make_track


class FakeStore(ObjectStore):
    """Keys without content."""

    def __init__(self, *keys: str) -> None:
        self.keys = set(keys)

    def duplicate(self, key: str, to: str) -> None:
        if key not in self.keys:
            raise ObjectMissing(key)
        self.keys.add(to)

    def is_listed(self, key: str) -> bool:
        return key in self.keys

    def delete_all(self, keys: Iterable[str]) -> set[str]:
        self.keys -= set(keys)
        return set()


class FailingStore(FakeStore):
    """Answers so many copies, then one with an error, then all."""

    def __init__(self, *keys: str, copies: int) -> None:
        super().__init__(*keys)
        self.copies = copies

    def duplicate(self, key: str, to: str) -> None:
        self.copies -= 1
        if self.copies == -1:
            raise ConnectionError
        super().duplicate(key, to)


class StubbornStore(FakeStore):
    is_stubborn = True

    def delete_all(self, keys: Iterable[str]) -> set[str]:
        return set(keys) if self.is_stubborn else super().delete_all(keys)


def deleted(session: Session, days: int = 0) -> Track:
    track_id = uuid4()
    return make_track(
        session,
        id=track_id,
        is_active=False,
        deleted_at=clock.now() - timedelta(days=days),
        thumbnail_key=artwork_key(track_id, ArtworkSize.SMALL),
    )


def keys_of(track: Track) -> set[str]:
    return {track.object_key, *(artwork_key(track.id, size) for size in ArtworkSize)}


def in_trash(keys: set[str]) -> set[str]:
    return {f"trash/{key}" for key in keys}


def bring_back(store: ObjectStore, track: Track) -> None:
    with transaction() as database:
        restore(database, store=store, track_id=track.id)


def test_deleted_objects_go_to_the_trash_and_come_back(session: Session) -> None:
    track = deleted(session)
    keys = keys_of(track)
    store = FakeStore(*keys)

    first, second = empty_trash(transaction, store=store), empty_trash(transaction, store=store)

    assert (first.moved, second.moved, first.erased) == (1, 0, 0)
    assert store.keys == in_trash(keys)
    bring_back(store, track)
    assert store.keys == keys
    session.refresh(track)
    assert (track.is_active, track.deleted_at, track.object_key in keys) == (True, None, True)


def test_a_track_is_restored_before_its_objects_were_moved(session: Session) -> None:
    track = deleted(session)
    store = FakeStore(*keys_of(track))

    bring_back(store, track)

    session.refresh(track)
    assert track.is_active
    assert store.keys == keys_of(track)


def test_after_the_retention_only_a_tombstone_stays(session: Session) -> None:
    track, recent = deleted(session, days=31), deleted(session, days=29)
    kept = keys_of(recent)
    store = FakeStore(*keys_of(track), *kept)

    report = empty_trash(transaction, store=store)

    assert report.erased == 1
    assert store.keys == in_trash(kept)
    session.refresh(track)
    assert (track.title, track.object_key, track.thumbnail_key) == ("Blue Train", "", None)
    with pytest.raises(Conflict):
        restore(session, store=store, track_id=track.id)


def test_a_missing_object_stops_nothing(session: Session) -> None:
    track = deleted(session)
    keys = keys_of(track) - {track.object_key}
    store = FakeStore(*keys)

    assert empty_trash(transaction, store=store).moved == 1
    assert store.keys == in_trash(keys)


def test_a_copy_that_fails_leaves_the_others_moved_and_all_restorable(session: Session) -> None:
    tracks = [deleted(session) for _ in range(3)]
    keys = set[str]().union(*map(keys_of, tracks))
    store = FailingStore(*keys, copies=6)

    with pytest.raises(ConnectionError):
        empty_trash(transaction, store=store)

    for track in tracks:
        session.refresh(track)
    assert sum(track.object_key.startswith("trash/") for track in tracks) == 1
    assert {track.object_key for track in tracks} <= store.keys
    for track in tracks:
        bring_back(store, track)
    assert keys <= store.keys


@pytest.mark.parametrize("sound_only", [True, False])
def test_what_lies_in_the_trash_before_the_row_says_so_comes_back(
    session: Session, sound_only: bool
) -> None:
    track = deleted(session)
    keys = keys_of(track)
    gone = {track.object_key} if sound_only else keys
    store = FakeStore(*in_trash(gone), *(keys - gone))

    bring_back(store, track)

    assert store.keys == keys


def test_objects_that_cannot_be_removed_are_moved_by_the_next_run(session: Session) -> None:
    track = deleted(session)
    keys = keys_of(track)
    store = StubbornStore(*keys)

    empty_trash(transaction, store=store)
    assert store.keys == keys | in_trash(keys)
    store.is_stubborn = False
    empty_trash(transaction, store=store)

    assert store.keys == in_trash(keys)


def test_erasing_finds_what_a_move_left_behind(session: Session) -> None:
    track = deleted(session, days=31)
    places = keys_of(track)
    track.object_key = f"trash/{track.object_key}"
    session.flush()
    store = FakeStore(*places, *in_trash(places))

    assert empty_trash(transaction, store=store).erased == 1
    assert store.keys == set()


def test_a_track_is_back_although_the_trash_keeps_its_copy(session: Session) -> None:
    track = deleted(session)
    keys = keys_of(track)
    store = StubbornStore(*in_trash(keys))

    bring_back(store, track)

    session.refresh(track)
    assert track.is_active
    assert store.keys == keys | in_trash(keys)


def test_tracks_in_use_are_left_alone(session: Session) -> None:
    track = make_track(session)
    store = FakeStore(track.object_key)

    assert empty_trash(transaction, store=store).moved == 0
    assert store.keys == {track.object_key}
    with pytest.raises(NotFound):
        restore(session, store=store, track_id=track.id)
