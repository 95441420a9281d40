from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from sqlalchemy import select
from sqlalchemy.orm import Session

from djamms import clock
from djamms.models.track import Upload
from tests.support.api import Client, Reply


class FakeStore:
    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.is_down = False

    def put(self, key: str, body: bytes, *, content_type: str, cache: str) -> None:
        if self.is_down:
            raise EndpointConnectionError(endpoint_url="s3")
        self.objects[key] = body


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> FakeStore:
    store = FakeStore()
    monkeypatch.setattr("djamms.storage.store.media_store", lambda: store)
    return store


def send(
    client: Client,
    content: str = "sound",
    *,
    name: str = "file",
    filename: str = "a.mp3",
    boundary: str = "frontier",
    key: str = "",
    **fields: str,
) -> Reply:
    body = (
        f"--{boundary}\r\nContent-Disposition: form-data; name={name}; filename={filename}\r\n"
        f"Content-Type: audio/mpeg\r\n\r\n{content}\r\n"
    )
    for field, value in ({"isPublic": "false"} | fields).items():
        body += f"--{boundary}\r\nContent-Disposition: form-data; name={field}\r\n\r\n{value}\r\n"
    body += f"--{boundary}--\r\n"
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    headers |= {"Idempotency-Key": key} if key else {}
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
    assert "file" in {detail["field"] for detail in reply.json()["details"]}
    assert store.objects == {}


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"isPublic": "banana"}, "isPublic"), ({"is_public": "1"}, None), ({"mood": "x"}, "mood")],
)
def test_refuses_what_a_form_does_not_have(
    as_user: Client, store: FakeStore, fields: dict[str, str], field: str | None
) -> None:
    reply = send(as_user, **fields)

    named = [detail["field"] for detail in reply.json().get("details", ())]
    assert (reply.status, named) == ((422, [field]) if field else (201, []))
    assert bool(store.objects) == (field is None)


@pytest.mark.parametrize(("word", "is_public"), [("True", True), ("0", False), ("FALSE", False)])
def test_reads_who_may_hear_it(
    as_user: Client, store: FakeStore, word: str, is_public: bool
) -> None:
    assert send(as_user, isPublic=word).json()["track"]["isPublic"] is is_public


def test_nothing_is_kept_of_what_could_not_be_stored(
    session: Session, as_user: Client, store: FakeStore
) -> None:
    store.is_down = True
    failed = send(as_user, key="k1")
    left = session.scalars(select(Upload)).all()
    store.is_down = False
    again = send(as_user, key="k1")

    assert (failed.status, failed.json()["error"], left) == (503, "unavailable", [])
    assert (again.status, again.headers.get("idempotency-replayed")) == (201, None)
    assert list(store.objects) == [f"uploads/{again.json()['track']['id']}"]


def test_the_same_form_with_another_boundary_is_the_same_request(
    session: Session, as_user: Client, store: FakeStore
) -> None:
    first = send(as_user, key="k1", boundary="one")
    second = send(as_user, key="k1", boundary="two")

    assert second.headers["idempotency-replayed"] == "true"
    assert second.json() == first.json()
    assert len(store.objects) == 1


@pytest.mark.parametrize("changed", [{"content": "other"}, {"filename": "b"}, {"isPublic": "true"}])
def test_another_form_under_the_same_key_is_refused(
    as_user: Client, store: FakeStore, changed: dict[str, Any]
) -> None:
    send(as_user, key="k1", boundary="one")

    assert send(as_user, key="k1", boundary="two", **changed).status == 422


def test_a_repeated_reply_is_forgotten_with_the_form_in_it(
    as_user: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = {"filename": "a.mp3", "contentType": "audio/mpeg", "size": 5}
    headers = {"Idempotency-Key": "k1"}
    begin = clock.now()
    ask = partial(as_user.send, "POST", "/api/music/tracks", body=body, headers=headers)
    first = ask().json()
    monkeypatch.setattr(clock, "_now", lambda: begin + timedelta(minutes=59))
    assert ask().json() == first

    monkeypatch.setattr(clock, "_now", lambda: begin + timedelta(minutes=61))

    assert ask().json()["track"]["id"] != first["track"]["id"]


def test_guests_may_not(anonymous: Client, store: FakeStore) -> None:
    assert send(anonymous, "sound").status == 401
