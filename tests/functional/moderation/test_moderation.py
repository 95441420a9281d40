"""Reports, the queue, and what moderators do about them."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from djamms import clock
from djamms.models.user import User
from tests.support.api import Client, Reply
from tests.support.factories import make_playlist, make_track

NOBODY = UUID(int=0)
FLAGS, QUEUE, LOG = "/api/moderation/flags", "/api/moderation/queue", "/api/moderation/log"
NOTE = {"note": "Seen and decided."}


def flag(client: Client, **thing: Any) -> Reply:
    body = {"reason": "spam", **{name: str(value) for name, value in thing.items()}}
    return client.post(FLAGS, body)


def act(client: Client, name: str, thing_id: object) -> Any:
    reply = client.post(f"{QUEUE}/{thing_id}/{name}", NOTE)
    assert reply.status == 200, reply.text
    return reply.json()


def queue(client: Client, state: str = "open") -> list[tuple[str, int, str]]:
    cases = client.get(f"{QUEUE}?state={state}").json()
    return [(case["name"], case["openFlags"], case["state"]) for case in cases]


def acts(client: Client) -> list[tuple[str, str, int]]:
    return [(one["act"], one["name"], one["flagsClosed"]) for one in client.get(LOG).json()]


def test_one_person_has_one_open_report_of_a_thing(
    session: Session, as_user: Client, as_moderator: Client
) -> None:
    track = make_track(session)

    first = flag(as_user, trackId=track.id, note="Twice in a row")
    again = flag(as_user, trackId=track.id, reason="offensive")

    assert (first.status, again.status) == (201, 201)
    assert first.json() == again.json()
    assert (first.json()["reason"], first.json()["state"]) == ("spam", "open")
    assert queue(as_moderator) == [("Blue Train", 1, "visible")]


def test_the_queue_has_each_thing_once_most_reports_first(
    session: Session, as_user: Client, as_other: Client, as_moderator: Client, user: User
) -> None:
    track = make_track(session, uploaded_by=user.id)
    playlist = make_playlist(session, user.id, name="Loud", is_public=True)
    flag(as_user, playlistId=playlist.id)
    flag(as_user, trackId=track.id)
    flag(as_other, trackId=track.id, reason="copyright")

    reply = as_moderator.get(QUEUE)

    assert [(one["kind"], one["name"], one["owner"]) for one in reply.json()] == [
        ("track", "Blue Train", "ada"),
        ("playlist", "Loud", "ada"),
    ]
    assert reply.json()[0]["reasons"] == {"spam": 1, "copyright": 1}
    assert reply.headers["x-total-count"] == "2"
    page = as_moderator.get(f"{QUEUE}?limit=1&page=2")
    assert [one["name"] for one in page.json()] == ["Loud"]


def test_only_what_can_be_seen_is_reported(session: Session, as_other: Client, user: User) -> None:
    private = make_playlist(session, user.id)
    gone = make_track(session, is_active=False)

    assert flag(as_other, playlistId=private.id).status == 404
    assert flag(as_other, trackId=gone.id).status == 404
    assert flag(as_other, trackId=NOBODY).status == 404


def test_a_private_playlist_is_nothing_to_moderators(
    session: Session, as_moderator: Client, as_admin: Client, user: User
) -> None:
    private = make_playlist(session, user.id, name="Diary")

    for client in (as_moderator, as_admin):
        assert client.get(f"{QUEUE}/{private.id}").status == 404
        for name in ("hide", "restore", "dismiss"):
            assert client.post(f"{QUEUE}/{private.id}/{name}", NOTE).status == 404
    assert acts(as_moderator) == []


def test_what_was_reported_and_then_made_private_is_a_case_still(
    session: Session, as_user: Client, as_other: Client, as_moderator: Client, user: User
) -> None:
    playlist = make_playlist(session, user.id, is_public=True)
    flag(as_other, playlistId=playlist.id)
    as_user.put(f"/api/playlists/{playlist.id}", {"isPublic": False})

    assert as_moderator.get(f"{QUEUE}/{playlist.id}").json()["state"] == "visible"
    assert act(as_moderator, "hide", playlist.id)["state"] == "hidden"


@pytest.mark.parametrize(
    "thing",
    [
        {},
        {"trackId": NOBODY, "playlistId": NOBODY},
        {"trackId": NOBODY, "reason": "boring"},
        {"trackId": NOBODY, "note": " "},
    ],
)
def test_a_report_is_of_one_thing_and_says_why(as_user: Client, thing: dict[str, Any]) -> None:
    assert flag(as_user, **thing).status == 422


def test_reports_are_limited(session: Session, as_user: Client) -> None:
    track = make_track(session)

    statuses = [flag(as_user, trackId=track.id).status for _ in range(31)]

    assert statuses == [201] * 30 + [429]


def test_an_act_closes_the_reports_and_is_logged_once(
    session: Session, as_user: Client, as_other: Client, as_moderator: Client
) -> None:
    track = make_track(session)
    for client in (as_user, as_other):
        flag(client, trackId=track.id)

    case = act(as_moderator, "hide", track.id)
    act(as_moderator, "hide", track.id)
    act(as_moderator, "dismiss", track.id)

    assert (case["state"], case["openFlags"], case["flags"]) == ("hidden", 0, 2)
    assert {(one["state"], one["reportedBy"]) for one in case["reports"]} == {
        ("upheld", "ada"),
        ("upheld", "grace"),
    }
    assert [(one["act"], one["note"], one["moderator"]) for one in case["acts"]] == [
        ("hide", NOTE["note"], "mo")
    ]
    assert acts(as_moderator) == [("hide", "John Coltrane - Blue Train", 2)]
    assert queue(as_moderator) == []
    assert queue(as_moderator, "hidden") == [("Blue Train", 0, "hidden")]


def test_a_dismissed_thing_stays_and_can_be_reported_again(
    session: Session, as_user: Client, as_moderator: Client
) -> None:
    track = make_track(session)
    flag(as_user, trackId=track.id)

    case = act(as_moderator, "dismiss", track.id)

    assert (case["state"], case["reports"][0]["state"]) == ("visible", "dismissed")
    assert queue(as_moderator) == []
    assert queue(as_moderator, "all") == [("Blue Train", 0, "visible")]
    flag(as_user, trackId=track.id)
    assert queue(as_moderator) == [("Blue Train", 1, "visible")]


def test_a_thing_that_nobody_reported_can_be_hidden(session: Session, as_moderator: Client) -> None:
    track = make_track(session)

    assert act(as_moderator, "hide", track.id)["flags"] == 0

    assert queue(as_moderator, "hidden") == queue(as_moderator, "all")
    assert acts(as_moderator) == [("hide", "John Coltrane - Blue Train", 0)]


@pytest.mark.parametrize("name", ["hide", "restore", "dismiss"])
def test_what_is_not_there_cannot_be_acted_on(
    session: Session, as_moderator: Client, user: User, name: str
) -> None:
    deleted = make_playlist(session, user.id, is_active=False)

    for thing_id in (NOBODY, deleted.id):
        assert as_moderator.post(f"{QUEUE}/{thing_id}/{name}", NOTE).status == 404
    assert as_moderator.post(f"{QUEUE}/{NOBODY}/{name}", {"note": ""}).status == 422
    assert as_moderator.get(f"{QUEUE}/{NOBODY}").status == 404


@pytest.mark.parametrize("name", ["hide", "restore", "dismiss"])
def test_only_moderators_moderate(
    session: Session, as_user: Client, as_admin: Client, name: str
) -> None:
    track = make_track(session)

    assert as_user.post(f"{QUEUE}/{track.id}/{name}", NOTE).status == 403
    assert as_admin.post(f"{QUEUE}/{track.id}/{name}", NOTE).status == 200


@pytest.mark.parametrize(
    "attempt",
    [
        "UPDATE moderation_log SET note = ''",
        "DELETE FROM moderation_log",
        "TRUNCATE moderation_log",
    ],
)
def test_the_log_is_only_added_to(session: Session, as_moderator: Client, attempt: str) -> None:
    act(as_moderator, "hide", make_track(session).id)

    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(text(attempt))

    assert len(acts(as_moderator)) == 1


def test_the_log_outlives_the_moderator(
    session: Session, as_moderator: Client, as_admin: Client
) -> None:
    act(as_moderator, "hide", make_track(session).id)

    session.execute(text("DELETE FROM users WHERE username = 'mo'"))

    [line] = as_admin.get(LOG).json()
    assert line["moderator"] == "mo"
    assert line["actedAt"] <= clock.now().isoformat()
