"""The bucket as the code sees it, against the emulator's own answers."""

import pytest

from djamms.storage.store import (
    PRIVATE_FOR_EVER,
    ObjectChanged,
    ObjectInfo,
    ObjectMissing,
    ObjectStore,
)

KEY = "uploads/one"
BODY = bytes(range(256)) * 1000


def put(store: ObjectStore, key: str = KEY, body: bytes = BODY) -> None:
    store.put(key, body, content_type="audio/mpeg", cache="no-store")


def test_opening_tells_the_size_and_brings_the_head(store: ObjectStore) -> None:
    put(store)

    source = store.open(KEY)

    assert (source.size, source.requests) == (len(BODY), 1)
    assert source.read_range(0, 65_536) == BODY[:65_536]
    assert source.requests == 1


@pytest.mark.parametrize(("start", "length"), [(70_000, 10), (65_000, 5000), (255_990, 10)])
def test_reads_any_range(store: ObjectStore, start: int, length: int) -> None:
    put(store)

    assert store.open(KEY).read_range(start, length) == BODY[start : start + length]


def test_an_empty_object_can_be_opened(store: ObjectStore) -> None:
    put(store, body=b"")

    assert store.open(KEY).size == 0


def test_a_missing_object_is_said_to_be_missing(store: ObjectStore) -> None:
    with pytest.raises(ObjectMissing):
        store.open(KEY)
    assert store.head(KEY) is None


def test_a_replaced_object_is_neither_read_nor_copied(store: ObjectStore) -> None:
    put(store)
    source = store.open(KEY)
    put(store, body=BODY[::-1])

    with pytest.raises(ObjectChanged):
        source.read_range(100_000, 10)
    with pytest.raises(ObjectChanged):
        store.copy(source, "audio/x", content_type="audio/mpeg", cache=PRIVATE_FOR_EVER)


def test_copies_under_any_name(store: ObjectStore) -> None:
    put(store)
    key = "audio/2026/03/東京事変/Mr.-Bungle/x.mp3"

    store.copy(store.open(KEY), key, content_type="audio/mpeg", cache=PRIVATE_FOR_EVER)

    info = store.head(key)
    assert info is not None
    assert (info.key, info.size_bytes) == (key, len(BODY))


def test_deleting_twice_is_no_error(store: ObjectStore) -> None:
    put(store)

    store.delete(KEY)
    store.delete(KEY)

    assert store.head(KEY) is None


def test_deletes_many_at_once(store: ObjectStore) -> None:
    for key in ("uploads/東", "uploads/2", "uploads/3"):
        put(store, key, b"x")

    assert store.delete_all(["uploads/東", "uploads/2", "uploads/gone"]) == set()

    assert [found.key for page in store.pages("uploads/") for found in page] == ["uploads/3"]


def test_lists_in_pages(store: ObjectStore) -> None:
    keys = [f"uploads/{number}" for number in range(5)]
    for key in [*keys, "audio/1"]:
        put(store, key, b"x")

    pages = list(store.pages("uploads/", page_size=2))

    assert [len(page) for page in pages] == [2, 2, 1]
    assert [found.key for page in pages for found in page] == keys
    assert isinstance(pages[0][0], ObjectInfo)
