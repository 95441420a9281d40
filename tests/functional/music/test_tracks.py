from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from djamms import clock
from djamms.models.track import Upload, UploadState
from djamms.models.user import User
from tests.support.api import Client
from tests.support.factories import make_track


def test_lists_newest_first_in_pages(session: Session, anonymous: Client) -> None:
    now = clock.now()
    for age in range(5):
        make_track(session, f"Take {age}", created_at=now - timedelta(minutes=age))

    body = anonymous.get("/api/music/tracks?page=2&limit=2").json()

    assert [track["title"] for track in body["tracks"]] == ["Take 2", "Take 3"]
    assert body["pagination"] == {"page": 2, "limit": 2, "total": 5, "pages": 3}


def test_track_has_every_field_of_the_contract(session: Session, anonymous: Client) -> None:
    track = make_track(session, thumbnail_key="images/tracks/x/thumbnail_150x150.jpg")

    body = anonymous.get(f"/api/music/tracks/{track.id}").json()

    assert body["thumbnail"] == (
        "http://localhost:3001/media/images/tracks/x/thumbnail_150x150.jpg"
    )
    assert body["url"] == body["audioUrl"]
    assert body["duration"] == 643
    assert body["fileSize"] == 25.7
    assert body["dateAdded"].endswith("Z")
    assert body["state"] == "ready"
    assert {"popularity", "plays", "rating", "source", "explicit", "bpm", "key"} <= body.keys()
    assert anonymous.get(f"/api/music/metadata/{track.id}").json() == body


def test_guests_see_public_tracks_only(
    session: Session, anonymous: Client, as_user: Client
) -> None:
    hidden = make_track(session, "Demo", is_public=False)
    gone = make_track(session, "Old", is_active=False)

    assert anonymous.get(f"/api/music/tracks/{hidden.id}").status == 404
    assert anonymous.get("/api/music/tracks").json()["pagination"]["total"] == 0
    assert as_user.get(f"/api/music/tracks/{hidden.id}").status == 200
    assert as_user.get(f"/api/music/tracks/{gone.id}").status == 404


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("genre=JAZZ", ["Naima"]),
        ("artist=colt", ["Naima"]),
        ("artist=100%25", []),
        ("sort=title", ["Naima", "Zebra"]),
        ("sort=popularity", ["Zebra", "Naima"]),
    ],
)
def test_filters_and_sorts(
    session: Session, anonymous: Client, query: str, titles: list[str]
) -> None:
    make_track(session, "Naima")
    make_track(session, "Zebra", artist="Beach House", genre="Indie Pop", popularity=90)

    body = anonymous.get(f"/api/music/tracks?{query}").json()

    assert [track["title"] for track in body["tracks"]] == titles


@pytest.mark.parametrize("query", ["page=0", "limit=0", "limit=1001", "page=x", "sort=mood"])
def test_rejects_impossible_pages(anonymous: Client, query: str) -> None:
    reply = anonymous.get(f"/api/music/tracks?{query}")

    assert reply.status == 422
    assert reply.json()["details"][0]["field"] == query.split("=")[0]


def test_stream_redirects_to_a_stable_signed_address(session: Session, anonymous: Client) -> None:
    track = make_track(session)
    stream = anonymous.get(f"/api/music/tracks/{track.id}").json()["audioUrl"]
    path = stream.removeprefix("http://localhost:3001")

    first, second = anonymous.get(path), anonymous.get(path)

    assert first.status == 302
    assert first.headers["location"] == second.headers["location"]
    target = urlsplit(first.headers["location"])
    assert target.path == f"/media/{track.object_key}"
    assert int(parse_qs(target.query)["Expires"][0]) > clock.now().timestamp() + 12 * 3600 - 1


def test_stream_token_opens_a_hidden_track_without_a_header(
    session: Session, anonymous: Client, as_user: Client
) -> None:
    track = make_track(session, is_public=False)
    stream = as_user.get(f"/api/music/tracks/{track.id}").json()["audioUrl"]
    path = stream.removeprefix("http://localhost:3001")

    assert anonymous.get(path).status == 302
    assert anonymous.get(path.split("?")[0]).status == 404
    assert anonymous.get(path[:-1] + ("A" if path[-1] != "A" else "B")).status == 404
    other = make_track(session, is_public=False)
    assert anonymous.get(path.replace(str(track.id), str(other.id))).status == 404


def test_stream_token_expires(session: Session, anonymous: Client, as_user: Client) -> None:
    track = make_track(session, is_public=False)
    stream = as_user.get(f"/api/music/tracks/{track.id}").json()["audioUrl"]
    later = clock.now() + timedelta(hours=25)

    clock.set_clock(lambda: later)
    try:
        reply = anonymous.get(stream.removeprefix("http://localhost:3001"))
    finally:
        clock.set_clock(None)

    assert reply.status == 404


def test_artwork_in_three_sizes(session: Session, anonymous: Client) -> None:
    track_id = uuid4()
    key = f"images/tracks/{track_id}/thumbnail_150x150.jpg"
    make_track(session, id=track_id, thumbnail_key=key)

    body = anonymous.get(f"/api/music/artwork/{track_id}?size=large").json()

    assert body == {
        "url": f"http://localhost:3001/media/images/tracks/{track_id}/large_600x600.jpg",
        "size": "large",
        "width": 600,
        "height": 600,
    }
    assert anonymous.get(f"/api/music/artwork/{track_id}?size=giant").status == 422
    assert anonymous.get(f"/api/music/artwork/{make_track(session).id}").status == 404


def test_upload_request_gives_an_id_and_a_presigned_form(
    session: Session, user: User, as_user: Client
) -> None:
    reply = as_user.post(
        "/api/music/tracks", {"filename": "a.mp3", "content_type": "audio/mpeg", "size": 9}
    )

    body = reply.json()
    upload = session.scalars(select(Upload)).one()
    assert reply.status == 201
    assert reply.headers["location"] == f"/api/music/tracks/{upload.id}"
    assert body["track"]["state"] == "uploading"
    assert body["upload"]["method"] == "POST"
    assert body["upload"]["fields"]["key"] == f"uploads/{upload.id}"
    assert upload.uploaded_by == user.id


@pytest.mark.parametrize(
    ("field", "value"),
    [("size", 0), ("size", 52_428_801), ("filename", ""), ("contentType", "a b"), ("x", 1)],
)
def test_refuses_an_impossible_upload(as_user: Client, field: str, value: object) -> None:
    good = {"filename": "a.mp3", "contentType": "audio/mpeg", "size": 9}

    reply = as_user.post("/api/music/tracks", good | {field: value})

    assert reply.status == 422
    assert reply.json()["details"][0]["field"] == field


def test_many_uploads_are_asked_for_at_once(session: Session, user: User, as_user: Client) -> None:
    files = [{"filename": f"{n}.mp3", "contentType": "audio/mpeg", "size": n} for n in (3, 1, 2)]

    reply = as_user.post("/api/music/tracks/bulk-upload", {"files": files})

    uploads = reply.json()["uploads"]
    stored = {upload.object_key: upload for upload in session.scalars(select(Upload))}
    assert reply.status == 201
    assert [item["track"]["title"] for item in uploads] == ["3.mp3", "1.mp3", "2.mp3"]
    assert [stored[item["upload"]["fields"]["key"]].size_bytes for item in uploads] == [3, 1, 2]
    assert {upload.uploaded_by for upload in stored.values()} == {user.id}


@pytest.mark.parametrize("files", [[], [{}] * 101, [{"filename": "a.mp3", "size": 0}]])
def test_of_impossible_uploads_none_is_given(
    session: Session, as_user: Client, files: list[dict[str, object]]
) -> None:
    good = {"filename": "b.mp3", "size": 1}

    reply = as_user.post(
        "/api/music/tracks/bulk-upload", {"files": [*([good] * bool(files)), *files]}
    )

    assert reply.status == 422
    assert session.scalars(select(Upload)).all() == []


def test_failed_upload_says_why_to_its_owner_only(
    session: Session, as_user: Client, as_other: Client, as_moderator: Client
) -> None:
    asked = {"filename": "a.mp3", "contentType": "audio/mpeg", "size": 9}
    track_id = as_user.post("/api/music/tracks", asked).json()["track"]["id"]
    session.execute(
        update(Upload).values(
            state=UploadState.FAILED, failure_code="empty_file", failure_message="It is empty."
        )
    )

    body = as_user.get(f"/api/music/tracks/{track_id}").json()

    assert body["state"] == "failed"
    assert body["failure"] == {"code": "empty_file", "message": "It is empty."}
    assert as_other.get(f"/api/music/tracks/{track_id}").status == 404
    assert as_moderator.get(f"/api/music/tracks/{track_id}").status == 200
