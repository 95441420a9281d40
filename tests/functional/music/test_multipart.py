import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from djamms.models.track import Upload
from tests.support.api import Client, Reply

BOUNDARY = "frontier"


class FakeStore:
    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def put(self, key: str, body: bytes, *, content_type: str, cache: str) -> None:
        self.objects[key] = body


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> FakeStore:
    store = FakeStore()
    monkeypatch.setattr("djamms.storage.store.media_store", lambda: store)
    return store


def send(client: Client, content: str, *, name: str = "file", filename: str = "a.mp3") -> Reply:
    body = (
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; name={name}; filename={filename}\r\n"
        f"Content-Type: audio/mpeg\r\n\r\n{content}\r\n"
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; name=isPublic\r\n\r\nfalse\r\n"
        f"--{BOUNDARY}--\r\n"
    )
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    return client.send("POST", "/api/music/tracks", body=body, headers=headers)


def test_a_small_file_comes_with_the_request(
    session: Session, as_user: Client, store: FakeStore
) -> None:
    reply = send(as_user, "sound")

    upload = session.scalars(select(Upload)).one()
    assert (reply.status, reply.json()["upload"]) == (201, None)
    assert reply.json()["track"]["state"] == "uploading"
    assert store.objects == {f"uploads/{upload.id}": b"sound"}
    assert (upload.filename, upload.size_bytes, upload.is_public) == ("a.mp3", 5, False)


def test_a_large_file_is_sent_another_way(as_user: Client, store: FakeStore) -> None:
    reply = send(as_user, "x" * 4_000_001)

    assert reply.status == 413
    assert "presigned" in reply.json()["message"]
    assert store.objects == {}


@pytest.mark.parametrize(("content", "name"), [("", "file"), ("sound", "music")])
def test_refuses_a_form_without_a_file(
    as_user: Client, store: FakeStore, content: str, name: str
) -> None:
    reply = send(as_user, content, name=name)

    assert reply.status == 422
    assert reply.json()["details"][0]["field"] == "file"
    assert store.objects == {}


def test_guests_may_not(anonymous: Client, store: FakeStore) -> None:
    assert send(anonymous, "sound").status == 401
