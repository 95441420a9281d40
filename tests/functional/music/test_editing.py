from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from djamms.models.user import User
from tests.support.api import Client
from tests.support.factories import make_track


def test_owner_changes_what_is_given(session: Session, as_user: Client, user: User) -> None:
    track = make_track(session, uploaded_by=user.id)
    url = f"/api/music/tracks/{track.id}"

    body = as_user.put(url, {"title": "Blue", "album": None, "key": "8A", "bpm": 120.5}).json()

    assert (body["title"], body["album"], body["artist"]) == ("Blue", None, "John Coltrane")
    assert (body["key"], body["bpm"]) == ("8A", 120.5)
    assert as_user.get("/api/music/search?q=blue").json()["total"] == 1
    assert as_user.get("/api/music/search?q=train").json()["total"] == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"title": ""},
        {"title": None},
        {"artist": None},
        {"year": 99},
        {"isrc": "nonsense"},
        {"rating": 6},
        {"popularity": 100},
        {"uploadedBy": str(uuid4())},
    ],
)
def test_refuses_impossible_changes(
    session: Session, as_user: Client, user: User, changes: dict[str, object]
) -> None:
    track = make_track(session, uploaded_by=user.id)

    reply = as_user.put(f"/api/music/tracks/{track.id}", changes)

    assert reply.status == 422
    assert reply.json()["details"][0]["field"] == next(iter(changes))


def test_others_tracks_are_for_moderators(
    session: Session, as_user: Client, as_moderator: Client, anonymous: Client
) -> None:
    track = make_track(session)
    url = f"/api/music/tracks/{track.id}"

    assert anonymous.put(url, {"title": "X"}).status == 401
    assert as_user.put(url, {"title": "X"}).status == 403
    assert as_user.delete(url).status == 403
    assert as_moderator.put(url, {"title": "X"}).status == 200
    assert as_moderator.delete(url).json() == {"id": str(track.id), "deleted": True}
    assert as_moderator.get(url).status == 404
    assert as_moderator.delete(url).status == 404


def test_hidden_tracks_do_not_show_that_they_exist(session: Session, as_user: Client) -> None:
    gone = make_track(session, is_active=False)

    assert as_user.put(f"/api/music/tracks/{gone.id}", {"title": "X"}).status == 404
    assert as_user.put(f"/api/music/tracks/{uuid4()}", {"title": "X"}).status == 404


def test_bulk_edit_says_what_it_refused(session: Session, as_user: Client, user: User) -> None:
    mine = [str(make_track(session, uploaded_by=user.id).id) for _ in range(2)]
    others, unknown = str(make_track(session).id), str(uuid4())

    body = as_user.post(
        "/api/music/tracks/bulk-edit",
        {"trackIds": [*mine, others, unknown, mine[0]], "changes": {"genre": "Bop"}},
    ).json()

    assert body == {"changed": mine, "refused": [others, unknown]}
    assert as_user.get("/api/music/tracks?genre=bop").json()["pagination"]["total"] == 2


def test_bulk_delete(session: Session, as_moderator: Client) -> None:
    ids = [str(make_track(session).id) for _ in range(3)]

    body = as_moderator.post("/api/music/tracks/bulk-delete", {"trackIds": ids}).json()

    assert body == {"changed": ids, "refused": []}
    assert as_moderator.get("/api/music/tracks").json()["pagination"]["total"] == 0


@pytest.mark.parametrize("ids", [[], [str(uuid4())] * 1001, ["x"]])
def test_bulk_has_limits(as_user: Client, ids: list[str]) -> None:
    assert as_user.post("/api/music/tracks/bulk-delete", {"trackIds": ids}).status == 422
