"""The list of what is on its way, or has failed."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from djamms import clock
from djamms.models.track import CANCELLED, Upload, UploadState
from djamms.models.user import User
from djamms.storage.keys import upload_key
from tests.support.api import Client, next_link
from tests.support.factories import make_user


def make_upload(
    session: Session, owner: User, state: UploadState, age: int = 0, **more: Any
) -> str:
    upload_id, moment = uuid4(), clock.now() - timedelta(minutes=age)
    upload = Upload(
        id=upload_id,
        uploaded_by=owner.id,
        filename="a.mp3",
        content_type="audio/mpeg",
        size_bytes=5,
        object_key=upload_key(upload_id),
        state=state,
        expires_at=moment + timedelta(hours=1),
        created_at=moment,
        **more,
    )
    session.add(upload)
    session.flush()
    return str(upload_id)


def listed(client: Client, query: str = "") -> list[str]:
    return [one["id"] for one in client.get(f"/api/music/uploads{query}").json()]


@pytest.fixture
def uploads(session: Session, user: User) -> dict[UploadState, str]:
    return {state: make_upload(session, user, state, age) for age, state in enumerate(UploadState)}


def test_lists_what_is_no_track_yet_newest_first(
    as_user: Client, uploads: dict[UploadState, str]
) -> None:
    waiting = [UploadState.UPLOADING, UploadState.PROCESSING, UploadState.FAILED]

    assert listed(as_user) == [uploads[state] for state in waiting]
    for state in waiting:
        assert listed(as_user, f"?state={state}") == [uploads[state]]
    assert as_user.get("/api/music/uploads?state=ready").status == 422


def test_says_why_one_failed(session: Session, as_user: Client, user: User) -> None:
    why: dict[str, Any] = {"failure_code": "not_audio", "failure_message": "The file is not audio."}
    make_upload(session, user, UploadState.FAILED, **why)

    [one] = as_user.get("/api/music/uploads?state=failed").json()

    assert one["failure"] == {"code": "not_audio", "message": "The file is not audio."}
    assert one["title"] == "a.mp3"


def test_is_ones_own_and_a_moderators_is_everyones(
    session: Session, as_user: Client, as_other: Client, as_moderator: Client
) -> None:
    theirs = make_upload(session, make_user(session, "eve"), UploadState.FAILED)

    assert (listed(as_user), listed(as_other), listed(as_moderator)) == ([], [], [theirs])


def test_guests_have_none(anonymous: Client) -> None:
    assert anonymous.get("/api/music/uploads").status == 401


def test_a_failed_one_is_struck_off(
    session: Session, as_user: Client, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Store:
        def delete(self, key: str) -> None: ...

    monkeypatch.setattr("djamms.storage.store.media_store", Store)
    failed = make_upload(session, user, UploadState.FAILED)
    make_upload(session, user, UploadState.FAILED, failure_code=CANCELLED)
    assert listed(as_user) == [failed]

    assert as_user.delete(f"/api/music/tracks/{failed}").status == 200

    assert listed(as_user) == []


def test_pages_hold_each_once(session: Session, as_user: Client, user: User) -> None:
    made = [make_upload(session, user, UploadState.FAILED, age=n // 2) for n in range(7)]
    found, path = [], "/api/music/uploads?limit=3&state=failed"

    while path:
        reply = as_user.get(path)
        found += [one["id"] for one in reply.json()]
        path = next_link(reply)
        assert not path or "state=failed" in path

    assert len(found) == 7
    assert set(found) == set(made)


@pytest.mark.parametrize("cursor", ["x", "W10", "WyJhIiwgImIiXQ", "WzEsIDJd"])
def test_refuses_a_cursor_that_was_made_up(as_user: Client, cursor: str) -> None:
    assert as_user.get(f"/api/music/uploads?cursor={cursor}").status == 400
