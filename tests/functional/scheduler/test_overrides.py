"""Overrides, emergency stops and their end."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from djamms.models.audit import AuditEvent
from djamms.models.playlist import Playlist
from djamms.models.user import User
from djamms.scheduler import overrides
from tests.functional.scheduler.conftest import Now
from tests.support.api import Client
from tests.support.factories import make_playlist
from tests.support.venue import at, make_public, plan_entry, set_default, text

OVERRIDES, STOP, RESUME = (f"/api/scheduler/{word}" for word in ("overrides", "stop", "resume"))


@pytest.fixture
def party(session: Session) -> Playlist:
    return make_public(session, "Party")


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    monkeypatch.setattr("djamms.scheduler.waking.wake_playout", lambda: found.append("woken"))
    return found


def override(client: Client, **words: Any) -> Any:
    reply = client.post(OVERRIDES, words)
    assert reply.status == 201, reply.text
    return reply.json()


def current(client: Client) -> Any:
    return client.get("/api/scheduler/current").json()


def plays(client: Client) -> tuple[str, str | None]:
    reply = current(client)
    return reply["source"], reply["playlist"] and reply["playlist"]["name"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", OVERRIDES),
        ("DELETE", f"{OVERRIDES}/00000000-0000-4000-8000-000000000000"),
        ("POST", STOP),
        ("POST", RESUME),
    ],
)
def test_only_who_may_change_the_plan_overrides_it(
    anonymous: Client, as_user: Client, method: str, path: str
) -> None:
    assert anonymous.send(method, path, body={}).status == 401
    assert as_user.send(method, path, body={}).status == 403


def test_plays_at_once_and_ends_by_itself(
    session: Session, party: Playlist, as_moderator: Client, now: Now
) -> None:
    plan_entry(session, "Midday", "11:00", "14:00", playlist=make_public(session, "Lunch"))

    made = override(as_moderator, playlist="Party", minutes=30, reason="A birthday")
    during = current(as_moderator)
    now.become(at("12:30"))

    assert (made["startsAt"], made["endsAt"]) == (text(at("12:00")), text(at("12:30")))
    assert (during["override"]["id"], during["rule"]) == (made["id"], "override")
    assert [(one["entry"]["title"], one["reason"]) for one in during["losers"]] == [
        ("Midday", "override")
    ]
    assert (during["next"]["entry"]["title"], during["until"]) == ("Midday", text(at("12:30")))
    assert plays(as_moderator) == ("entry", "Lunch")
    assert as_moderator.get(OVERRIDES).json() == []


@pytest.mark.parametrize("words", [{}, {"until": "boundary"}])
def test_until_the_plan_itself_changes(
    session: Session, party: Playlist, as_moderator: Client, words: dict[str, str]
) -> None:
    plan_entry(session, "Midday", "11:00", "14:00", playlist=party)
    override(as_moderator, playlistId=str(party.id), minutes=5)

    assert override(as_moderator, playlist="Party", **words)["endsAt"] == text(at("14:00"))


def test_until_cancelled_where_no_change_is_in_sight(as_moderator: Client, party: Playlist) -> None:
    assert override(as_moderator, playlist="party")["endsAt"] is None
    assert override(as_moderator, playlist="PARTY", until="cancelled")["endsAt"] is None


def test_the_newest_plays_and_after_it_the_older(
    session: Session, party: Playlist, as_moderator: Client, now: Now
) -> None:
    make_public(session, "Calm")
    override(as_moderator, playlist="Party", minutes=60)
    now.become(at("12:10"))
    override(as_moderator, playlist="Calm", minutes=10)

    first = plays(as_moderator)
    now.become(at("12:20"))
    second = plays(as_moderator)
    now.become(at("13:00"))

    assert [first, second] == [("override", "Calm"), ("override", "Party")]
    assert plays(as_moderator) == ("default", "House Default")


def test_cancelling_again_is_no_error(
    party: Playlist, as_moderator: Client, woken: list[str], now: Now
) -> None:
    made = override(as_moderator, playlist="Party")
    now.become(at("12:01"))

    replies = [as_moderator.delete(f"{OVERRIDES}/{made['id']}") for _ in range(2)]

    assert [(one.status, one.json()) for one in replies] == [
        (200, {"id": made["id"], "deleted": True})
    ] * 2
    assert plays(as_moderator)[0] == "default"
    assert woken == ["woken", "woken"]  # for the override, and for its end


def test_one_that_is_cancelled_within_the_second_never_was(
    party: Playlist, as_moderator: Client
) -> None:
    made = override(as_moderator, playlist="Party")
    as_moderator.delete(f"{OVERRIDES}/{made['id']}")

    [segment] = as_moderator.get("/api/scheduler/timeline").json()["segments"]

    assert (segment["source"], segment["losers"]) == ("default", [])


def test_what_never_was_cannot_be_cancelled(as_moderator: Client) -> None:
    assert as_moderator.delete(f"{OVERRIDES}/00000000-0000-4000-8000-000000000000").status == 404


def test_a_stop_is_above_all_and_holds_until_resume(
    session: Session, party: Playlist, as_moderator: Client, woken: list[str], now: Now
) -> None:
    stopped = as_moderator.post(STOP)
    override(as_moderator, playlist="Party", until="cancelled")
    as_moderator.post(STOP, {"minutes": 5, "reason": "Smoke"})

    silent = current(as_moderator)
    now.become(at("18:00"))
    still = current(as_moderator)
    resumed = [as_moderator.post(RESUME).json()["resumed"] for _ in range(2)]

    assert stopped.status == 201
    assert (silent["source"], silent["rule"], silent["playlist"]) == ("stop", "emergencyStop", None)
    assert {one["reason"] for one in silent["losers"]} == {"emergencyStop"}
    assert (still["source"], still["until"], still["next"]) == ("stop", None, None)
    assert resumed == [1, 0]
    assert plays(as_moderator) == ("override", "Party")
    assert len(woken) == 4  # resuming what was not stopped wakes nobody


def test_a_stop_for_some_minutes_ends_by_itself(as_moderator: Client, now: Now) -> None:
    as_moderator.post(STOP, {"minutes": 5})

    now.become(at("12:04:59"))
    before = plays(as_moderator)
    now.become(at("12:05"))

    assert before == ("stop", None)
    assert plays(as_moderator) == ("default", "House Default")


def test_the_default_plays_for_a_playlist_that_is_deleted(
    session: Session, party: Playlist, as_moderator: Client
) -> None:
    override(as_moderator, playlist="Party")
    session.get_one(Playlist, party.id).is_active = False
    session.flush()

    reply = current(as_moderator)

    assert (reply["source"], reply["playlist"]["name"]) == ("override", "House Default")
    assert (reply["override"]["playlist"], reply["override"]["playlistId"]) == ("", None)


@pytest.mark.parametrize(
    "words",
    [
        {},
        {"playlist": "Party", "playlistId": "00000000-0000-4000-8000-000000000000"},
        {"playlist": "Party", "minutes": 5, "until": "boundary"},
        {"playlist": "Party", "minutes": 0},
        {"playlist": "Party", "minutes": 7 * 1440 + 1},
        {"playlist": "Party", "minutes": 1.5},
        {"playlist": "Party", "until": "later"},
        {"playlist": "Nobody's"},
        {"playlist": "\0"},
        {"playlist": " "},
        {"playlistId": "00000000-0000-4000-8000-000000000000"},
        {"playlist": "Party", "color": "red"},
        {"playlist": "Party", "reason": "x" * 256},
    ],
)
def test_refuses_what_it_cannot_do(
    party: Playlist, as_moderator: Client, words: dict[str, object]
) -> None:
    assert as_moderator.post(OVERRIDES, words).status == 422


def test_a_name_has_to_mean_one_playlist(
    session: Session, user: User, party: Playlist, as_moderator: Client
) -> None:
    make_public(session, "PARTY")
    make_playlist(session, user.id, name="Secret")

    assert override(as_moderator, playlist="Party")["playlistId"] == str(party.id)
    assert "2 playlists" in as_moderator.post(OVERRIDES, {"playlist": "party"}).text
    assert as_moderator.post(OVERRIDES, {"playlist": "Secret"}).status == 422


def test_why_is_told_to_those_who_may_change_the_plan(
    session: Session, as_moderator: Client, as_user: Client, anonymous: Client
) -> None:
    as_moderator.post(STOP, {"reason": "Smoke"})

    seen = [client.get(OVERRIDES).json()[0] for client in (as_moderator, as_user, anonymous)]

    assert [one["reason"] for one in seen] == ["Smoke", None, None]
    assert current(as_user)["override"]["reason"] is None
    assert [one["isStop"] for one in seen] == [True] * 3


def test_so_many_hold_at_once_and_a_stop_is_still_possible(
    party: Playlist, as_moderator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overrides, "MOST_HOLDING", 2)
    for _ in range(2):
        override(as_moderator, playlist="Party")

    assert as_moderator.post(OVERRIDES, {"playlist": "Party"}).status == 409
    assert as_moderator.post(STOP).status == 201


def test_is_in_the_audit_log(session: Session, party: Playlist, as_moderator: Client) -> None:
    made = override(as_moderator, playlist="Party")
    as_moderator.delete(f"{OVERRIDES}/{made['id']}")
    as_moderator.post(STOP)
    as_moderator.post(RESUME)

    events = session.execute(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(4)).scalars()
    found = [(one.event, one.source_ip) for one in events]

    assert found == [
        ("schedule.resumed", "127.0.0.1"),
        ("schedule.stopped", "127.0.0.1"),
        ("schedule.override_cancelled", "127.0.0.1"),
        ("schedule.override_set", "127.0.0.1"),
    ]


def test_the_same_request_again_makes_one_override(party: Playlist, as_moderator: Client) -> None:
    headers = {"Idempotency-Key": "once"}
    replies = [
        as_moderator.send("POST", OVERRIDES, body={"playlist": "Party"}, headers=headers)
        for _ in range(2)
    ]

    assert replies[0].json() == replies[1].json()
    assert len(as_moderator.get(OVERRIDES).json()) == 1
    assert replies[0].headers["location"] == f"{OVERRIDES}/{replies[0].json()['id']}"


def test_without_a_default_silence_follows_what_is_deleted(
    session: Session, as_moderator: Client, party: Playlist
) -> None:
    override(as_moderator, playlist="Party")
    session.get_one(Playlist, party.id).is_active = False
    set_default(session, None)

    assert plays(as_moderator) == ("override", None)
