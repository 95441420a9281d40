"""`POST /api/scheduler/preview`: what a change would do."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from djamms.models.audit import AuditEvent
from djamms.models.playlist import Playlist
from djamms.models.schedule import ScheduleEntry, ScheduleOverride
from djamms.models.user import User
from tests.support.api import Client
from tests.support.venue import at, make_public, plan_entry, text

PREVIEW = "/api/scheduler/preview"
SHOW = {
    "title": "Show",
    "playlist": "Songs",
    "selectedDays": ["friday"],
    "startTime": "20:00",
    "endTime": "21:00",
    "timezone": "UTC",
}


@pytest.fixture
def songs(session: Session) -> Playlist:
    return make_public(session, "Songs")


def preview(client: Client, change: str, **words: Any) -> Any:
    reply = client.post(PREVIEW, {"change": change, **words})
    assert reply.status == 200, reply.text
    return reply.json()


def titles(reply: Any) -> list[tuple[str | None, str | None]]:
    """Who plays before and after."""
    return [
        (
            one["before"]["entry"] and one["before"]["entry"]["title"],
            one["after"]["entry"] and one["after"]["entry"]["title"],
        )
        for one in reply["changes"]
    ]


def test_only_who_may_change_the_plan_previews(anonymous: Client, as_user: Client) -> None:
    body = {"change": "create", "entry": SHOW}

    assert anonymous.post(PREVIEW, body).status == 401
    assert as_user.post(PREVIEW, body).status == 403


def test_a_new_entry_takes_the_time_of_another(
    session: Session, songs: Playlist, as_moderator: Client
) -> None:
    plan_entry(session, "Evening", "18:00", "20:30", playlist=songs)

    reply = preview(as_moderator, "create", entry=SHOW)
    first = reply["changes"][0]

    assert titles(reply) == [("Evening", "Show"), (None, "Show")] * 2
    assert (first["from"], first["until"], first["minutes"]) == (
        text(at("20:00")),
        text(at("20:30")),
        30,
    )
    assert (first["after"]["source"], first["after"]["rule"]) == ("entry", "narrower")
    filled = reply["changes"][1]["before"]
    assert (filled["source"], filled["rule"], filled["playlist"]["name"]) == (
        "default",
        "default",
        "House Default",
    )
    [conflict] = reply["conflicts"]
    assert (conflict["winner"]["id"], conflict["loser"]["title"]) == (None, "Evening")
    assert (conflict["count"], reply["unchanged"]) == (2, False)


def test_an_update_changes_what_it_says_alone(
    session: Session, songs: Playlist, as_moderator: Client
) -> None:
    other = make_public(session, "Other")
    entry = plan_entry(session, "Show", "20:00", "21:00", playlist=songs)

    moved = preview(as_moderator, "update", id=str(entry.id), entry={"endTime": "22:00"})
    same = preview(as_moderator, "update", id=str(entry.id), entry={"title": "Big show"})
    played = preview(as_moderator, "update", id=str(entry.id), entry={"playlist": "Other"})
    off = preview(as_moderator, "update", id=str(entry.id), entry={"active": False})

    assert titles(moved) == [(None, "Show")] * 14
    assert (same["changes"], same["unchanged"]) == ([], True)
    assert {one["after"]["playlist"]["id"] for one in played["changes"]} == {str(other.id)}
    assert titles(off) == [("Show", None)] * 14


def test_without_an_entry_others_play_and_conflict(
    session: Session, songs: Playlist, as_moderator: Client
) -> None:
    best = plan_entry(session, "Best", "20:00", "21:00", playlist=songs, priority=2)
    plan_entry(session, "Second", "20:00", "21:00", playlist=songs, priority=1)
    plan_entry(session, "Third", "20:00", "21:00", playlist=songs)

    reply = preview(as_moderator, "delete", id=str(best.id))

    assert titles(reply) == [("Best", "Second")] * 14
    assert [(one["winner"]["title"], one["loser"]["title"]) for one in reply["conflicts"]] == [
        ("Second", "Third")
    ]


def test_what_an_override_hides_does_not_change(
    session: Session, songs: Playlist, as_moderator: Client
) -> None:
    as_moderator.post("/api/scheduler/stop")

    assert preview(as_moderator, "create", entry=SHOW)["unchanged"] is True


def test_saves_nothing(session: Session, songs: Playlist, as_moderator: Client) -> None:
    entry = plan_entry(session, "Evening", "18:00", "20:30", playlist=songs)
    counted = (ScheduleEntry, ScheduleOverride, Playlist, AuditEvent, User)
    before = [session.scalar(select(func.count()).select_from(model)) for model in counted]

    preview(as_moderator, "create", entry=SHOW)
    preview(as_moderator, "update", id=str(entry.id), entry={"title": "Other"})
    preview(as_moderator, "delete", id=str(entry.id))

    session.expire_all()
    after = [session.scalar(select(func.count()).select_from(model)) for model in counted]
    assert after == before
    assert session.get_one(ScheduleEntry, entry.id).title == "Evening"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"change": "create"}, 422),
        ({"change": "update", "entry": SHOW}, 422),
        ({"change": "delete"}, 422),
        ({"change": "rename", "entry": SHOW}, 422),
        ({"change": "create", "entry": {**SHOW, "playlist": "Nobody's"}}, 422),
        ({"change": "create", "entry": {"title": "Show"}}, 422),
        ({"change": "update", "id": str(uuid4()), "entry": SHOW}, 404),
        ({"change": "delete", "id": "mine"}, 404),
    ],
)
def test_refuses_what_could_not_be_done(
    songs: Playlist, as_moderator: Client, body: dict[str, Any], status: int
) -> None:
    assert as_moderator.post(PREVIEW, body).status == status


def test_the_id_of_a_new_entry_must_be_free(
    session: Session, songs: Playlist, as_moderator: Client
) -> None:
    entry = plan_entry(session, "Evening", "18:00", "20:30", playlist=songs)
    body = {"change": "create", "entry": {**SHOW, "id": str(entry.id)}}

    assert as_moderator.post(PREVIEW, body).status == 409


def test_what_is_left_of_a_conflict_is_not_a_new_one(
    session: Session, songs: Playlist, as_moderator: Client
) -> None:
    plan_entry(session, "Long", "08:00", "23:00", playlist=songs)
    show = plan_entry(session, "Show", "14:00", "16:00", playlist=songs)
    shorter, longer = {"endTime": "15:00"}, {"startTime": "13:30", "endTime": "16:30"}

    less = preview(as_moderator, "update", id=str(show.id), entry=shorter)
    more = preview(as_moderator, "update", id=str(show.id), entry=longer)

    assert (less["unchanged"], less["conflicts"]) == (False, [])
    [conflict] = more["conflicts"]
    assert (conflict["count"], conflict["minutes"]) == (28, 14 * 60)
    assert [one["from"] for one in conflict["clashes"][:2]] == [
        text(at("13:30")),
        text(at("16:00")),
    ]


def test_refuses_another_id_as_a_change_would(
    session: Session, songs: Playlist, as_moderator: Client
) -> None:
    show = plan_entry(session, "Show", "14:00", "16:00", playlist=songs)
    body = {"change": "update", "id": str(show.id), "entry": {"id": "other", "priority": 5}}

    reply = as_moderator.post(PREVIEW, body)

    assert (reply.status, reply.json()["details"][0]["field"]) == (422, "id")


def test_says_where_there_are_too_many_conflicts_to_compare(
    session: Session, songs: Playlist, as_moderator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan_entry(session, "Long", "08:00", "23:00", playlist=songs)

    whole = preview(as_moderator, "create", entry=SHOW)
    monkeypatch.setattr("djamms.scheduler.plan.conflicts.MOST_LOSSES", 1)
    part = preview(as_moderator, "create", entry=SHOW)

    assert (whole["isCut"], part["isCut"]) == (False, True)
