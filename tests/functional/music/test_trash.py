from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from djamms import clock
from djamms.errors import Conflict, NotFound
from djamms.models.track import Track
from djamms.music.trash import empty_trash, restore
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

    def delete(self, key: str) -> None:
        self.keys.discard(key)


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


def test_deleted_objects_go_to_the_trash_and_come_back(session: Session) -> None:
    track = deleted(session)
    keys = keys_of(track)
    store = FakeStore(*keys)

    first, second = empty_trash(session, store=store), empty_trash(session, store=store)

    assert (first.moved, second.moved, first.erased) == (1, 0, 0)
    assert store.keys == in_trash(keys)
    restored = restore(session, store=store, track_id=track.id)
    assert store.keys == keys
    assert (restored.is_active, restored.deleted_at) == (True, None)


def test_a_track_is_restored_before_its_objects_were_moved(session: Session) -> None:
    track = deleted(session)
    store = FakeStore(*keys_of(track))

    assert restore(session, store=store, track_id=track.id).is_active
    assert store.keys == keys_of(track)


def test_after_the_retention_only_a_tombstone_stays(session: Session) -> None:
    track, recent = deleted(session, days=31), deleted(session, days=29)
    kept = keys_of(recent)
    store = FakeStore(*keys_of(track), *kept)

    report = empty_trash(session, store=store)

    assert report.erased == 1
    assert store.keys == in_trash(kept)
    assert (track.title, track.object_key, track.thumbnail_key) == ("Blue Train", "", None)
    with pytest.raises(Conflict):
        restore(session, store=store, track_id=track.id)


def test_a_missing_object_stops_nothing(session: Session) -> None:
    track = deleted(session)
    keys = keys_of(track) - {track.object_key}
    store = FakeStore(*keys)

    assert empty_trash(session, store=store).moved == 1
    assert store.keys == in_trash(keys)


def test_tracks_in_use_are_left_alone(session: Session) -> None:
    track = make_track(session)
    store = FakeStore(track.object_key)

    assert empty_trash(session, store=store).moved == 0
    assert store.keys == {track.object_key}
    with pytest.raises(NotFound):
        restore(session, store=store, track_id=track.id)
