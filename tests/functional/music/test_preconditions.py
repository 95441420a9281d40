"""Edits of what one has seen, edits that change nothing, and the methods of an address."""

from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from djamms.models.library import PlaybackEvent
from djamms.models.user import User
from tests.support.api import Client
from tests.support.factories import make_playlist, make_track


@pytest.fixture(params=["tracks", "playlists"])
def address(request: pytest.FixtureRequest, session: Session, user: User) -> str:
    if request.param == "tracks":
        return f"/api/music/tracks/{make_track(session, uploaded_by=user.id).id}"
    return f"/api/playlists/{make_playlist(session, user.id).id}"


def change(client: Client, address: str, word: str, tag: str) -> int:
    body = {"title" if "tracks" in address else "name": word}
    return client.send("PUT", address, body=body, headers={"If-Match": tag}).status


def test_an_edit_overwrites_only_what_was_seen(as_user: Client, address: str) -> None:
    tag = as_user.get(address).headers["etag"]

    assert change(as_user, address, "A", '"other"') == 412
    assert change(as_user, address, "A", f'"other", {tag}') == 200
    assert change(as_user, address, "B", tag) == 412
    assert change(as_user, address, "B", "*") == 200
    assert change(as_user, address, "C", as_user.get(address).headers["etag"]) == 200


def test_a_precondition_shows_nothing_to_those_who_may_not_edit(
    as_other: Client, address: str
) -> None:
    assert change(as_other, address, "A", '"other"') in {403, 404}


def test_an_edit_of_nothing_changes_nothing(as_user: Client, address: str) -> None:
    before = as_user.get(address).json()

    assert as_user.put(address, {}).json() == before
    same = {name: before[name] for name in ("title", "name") if name in before}
    assert as_user.put(address, same).json() == before


def test_the_same_bulk_edit_again_touches_nothing(
    session: Session, as_user: Client, user: User
) -> None:
    track = make_track(session, uploaded_by=user.id)
    body = {"trackIds": [str(track.id)], "changes": {"bpm": 120.3, "genres": ["Rock", "Soul"]}}
    as_user.post("/api/music/tracks/bulk-edit", body)
    first = as_user.get(f"/api/music/tracks/{track.id}").json()

    assert as_user.post("/api/music/tracks/bulk-edit", body).json()["changed"] == [str(track.id)]
    assert as_user.get(f"/api/music/tracks/{track.id}").json() == first


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        (f"/api/music/tracks/{UUID(int=1)}", {"DELETE", "GET", "HEAD", "OPTIONS", "PUT"}),
        ("/api/music/tracks", {"GET", "HEAD", "OPTIONS", "POST"}),
    ],
)
def test_a_refused_method_is_told_all_others(
    anonymous: Client, path: str, methods: set[str]
) -> None:
    reply = anonymous.send("PATCH", path)

    assert reply.status == 405
    assert set(reply.headers["allow"].split(", ")) == methods


def play(client: Client, track_id: object, key: str, body: object = None) -> object:
    reply = client.send(
        "POST",
        f"/api/music/tracks/{track_id}/play",
        body=body,
        headers={"Idempotency-Key": key},
    )
    return reply.json().get("recorded", reply.status)


def test_a_key_is_for_one_track(session: Session, as_user: Client) -> None:
    one, two = make_track(session), make_track(session)

    assert [play(as_user, track.id, "k1") for track in (one, one, two)] == [True, False, 422]
    assert as_user.get(f"/api/music/tracks/{two.id}").json()["plays"] == 0
    assert play(as_user, two.id, "x" * 101) == 400


def test_guests_keys_are_their_own(
    session: Session, anonymous: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    track = make_track(session)
    assert [play(anonymous, track.id, "k1") for _ in range(2)] == [True, False]

    monkeypatch.setattr("tests.support.api.SOURCE_IP", "192.0.2.7")

    assert [play(anonymous, track.id, "k1") for _ in range(2)] == [True, False]


def test_nobody_hears_more_than_there_is(session: Session, as_user: Client) -> None:
    track = make_track(session, duration_seconds=200)

    as_user.post(
        f"/api/music/tracks/{track.id}/play", {"durationPlayed": 900, "metadata": {"deck": 2}}
    )

    event = session.query(PlaybackEvent).one()
    assert (event.duration_played_seconds, event.raw_metadata) == (200, {"deck": 2})


def test_metadata_of_a_play_is_small(session: Session, as_user: Client) -> None:
    body = {"metadata": {"x": "y" * 5000}}

    assert as_user.post(f"/api/music/tracks/{make_track(session).id}/play", body).status == 422
