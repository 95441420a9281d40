"""`GET /api/scheduler/conflicts`: who loses to whom, and when nothing is due."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from djamms.models.playlist import Playlist
from djamms.models.schedule import ScheduleEntry
from tests.functional.scheduler.conftest import Now
from tests.support.api import Client
from tests.support.venue import at, make_public, plan_entry, text

CONFLICTS = "/api/scheduler/conflicts"
DAY = {"from": "2026-05-08T00:00:00Z", "to": "2026-05-09T00:00:00Z"}
SHOW = {"selectedDays": "friday,saturday", "startTime": "20:00", "endTime": "21:00"}


@pytest.fixture
def songs(session: Session) -> Playlist:
    return make_public(session, "Songs")


def read(client: Client, **words: str) -> Any:
    reply = client.get(f"{CONFLICTS}?{urlencode(words)}")
    assert reply.status == 200, reply.text
    return reply.json()


def pairs(reply: Any) -> list[tuple[str, str, str]]:
    return [
        (one["winner"]["title"], one["loser"]["title"], one["rule"]) for one in reply["conflicts"]
    ]


def test_says_who_loses_when_and_why(session: Session, songs: Playlist, anonymous: Client) -> None:
    plan_entry(session, "Evening", "18:00", "23:00", playlist=songs)
    plan_entry(session, "Show", "22:00", "23:30", playlist=songs, priority=1)

    reply = read(anonymous)
    [found] = reply["conflicts"]

    assert pairs(reply) == [("Show", "Evening", "higherPriority")]
    assert (found["count"], found["minutes"], found["onlyOnClockChange"]) == (14, 14 * 60, False)
    assert found["clashes"][0] == {
        "from": text(at("22:00")),
        "until": text(at("23:00")),
        "minutes": 60,
    }
    assert (reply["from"], reply["to"]) == (text(at("12:00")), text(at("12:00", day=22)))
    assert (reply["conflictCount"], reply["gapCount"]) == (1, 15)


def test_shows_twenty_clashes_of_all(session: Session, songs: Playlist, anonymous: Client) -> None:
    for title in ("Evening", "Late"):
        plan_entry(session, title, "18:00", "23:00", playlist=songs)

    [found] = read(anonymous, **{**DAY, "to": "2026-06-07T00:00:00Z"})["conflicts"]

    assert (found["count"], len(found["clashes"]), found["minutes"]) == (30, 20, 30 * 300)


def test_gaps_say_what_fills_them(session: Session, songs: Playlist, anonymous: Client) -> None:
    plan_entry(session, "Most", "02:00", "23:00", playlist=songs)

    gaps = read(anonymous, **DAY)["gaps"]

    assert [(one["from"], one["minutes"]) for one in gaps] == [
        (text(at("00:00")), 120),
        (text(at("23:00")), 60),
    ]
    assert {one["playlist"]["name"] for one in gaps} == {"House Default"}


def test_finds_what_meets_only_on_a_day_of_clock_change(
    session: Session, songs: Playlist, anonymous: Client, now: Now
) -> None:
    now.become(at("12:00", day=2, month=1))
    # 01:30 is left out on 29 March and read as 02:30, by the offset before.
    for title, start, end in (("Gap", "01:30", "01:45"), ("Next", "02:30", "03:00")):
        plan_entry(session, title, start, end, playlist=songs, timezone="Europe/Lisbon")

    reply = read(anonymous)
    [found] = reply["conflicts"]

    assert found["onlyOnClockChange"] is True
    assert [one["from"] for one in found["clashes"]] == ["2026-03-29T01:30:00.000Z"]
    assert read(anonymous, **DAY)["conflicts"] == []


def test_a_candidate_is_told_what_it_would_cause_and_suffer(
    session: Session, songs: Playlist, anonymous: Client
) -> None:
    plan_entry(session, "Evening", "18:00", "23:00", playlist=songs)
    plan_entry(session, "Also", "18:00", "23:00", playlist=songs)
    plan_entry(session, "Party", "20:30", "22:00", playlist=songs, dates=[date(2026, 5, 9)])

    reply = read(anonymous, **SHOW, title="Show", playlist="Songs", timezone="UTC")
    found = {(one["winner"]["title"], one["loser"]["title"]): one for one in reply["conflicts"]}

    assert found.keys() == {("Show", "Evening"), ("Show", "Also"), ("Party", "Show")}
    assert found["Show", "Also"]["count"] == 4
    assert found["Party", "Show"]["minutes"] == 30
    assert found["Party", "Show"]["loser"] == {
        "id": None,
        "title": "Show",
        "playlist": "Songs",
        "playlistId": str(songs.id),
        "timezone": "UTC",
    }
    assert session.scalar(select(func.count()).select_from(ScheduleEntry)) == 3


def test_a_candidate_needs_no_title_and_no_playlist(
    session: Session, songs: Playlist, anonymous: Client
) -> None:
    plan_entry(session, "Evening", "18:00", "23:00", playlist=songs)

    assert pairs(read(anonymous, **SHOW)) == [("New entry", "Evening", "narrower")]


def test_days_may_be_repeated(session: Session, songs: Playlist, anonymous: Client) -> None:
    plan_entry(session, "Evening", "18:00", "23:00", playlist=songs)
    days = "selectedDays=friday&selectedDays=Saturday"

    reply = anonymous.get(f"{CONFLICTS}?{days}&startTime=20:00&endTime=21:00").json()

    assert [one["count"] for one in reply["conflicts"]] == [4]


def test_a_candidate_stands_in_the_stead_of_the_entry_that_it_changes(
    session: Session, songs: Playlist, anonymous: Client
) -> None:
    plan_entry(session, "Evening", "18:00", "23:00", playlist=songs)
    show = plan_entry(session, "Show", "20:00", "21:00", playlist=songs)

    same = read(anonymous, id=str(show.id))
    moved = read(anonymous, id=str(show.id), startTime="22:00", endTime="23:30")
    away = read(anonymous, id=str(show.id), startTime="23:00", endTime="23:30")
    off = read(anonymous, id=str(show.id), active="false")

    assert [one["minutes"] for one in same["conflicts"]] == [14 * 60]
    assert [one["clashes"][0]["from"] for one in moved["conflicts"]] == [text(at("22:00"))]
    assert (away["conflicts"], off["conflicts"]) == ([], [])


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"startTime": "20:00", "endTime": "21:00"}, "selectedDays"),
        ({"day": "friday", "endTime": "21:00"}, "startTime"),
        ({**SHOW, "startTime": "25:00"}, "startTime"),
        ({**SHOW, "timezone": "Europe/Nowhere"}, "timezone"),
        ({**SHOW, "playlist": "Nobody's"}, "playlist"),
        ({**SHOW, "color": "red"}, "color"),
        ({"from": "2026-05-08T00:00:00"}, "from"),
        ({**DAY, "to": "2026-05-08T00:00:00Z"}, "to"),
    ],
)
def test_refuses_words_that_make_no_entry(
    anonymous: Client, words: dict[str, str], field: str
) -> None:
    reply = anonymous.get(f"{CONFLICTS}?{urlencode(words)}")

    assert reply.status == 422
    assert [one["field"] for one in reply.json()["details"]] == [field]


def test_overrides_are_no_conflicts(
    session: Session, songs: Playlist, as_moderator: Client
) -> None:
    plan_entry(session, "Evening", "18:00", "23:00", playlist=songs)
    as_moderator.post("/api/scheduler/overrides", {"playlist": "Songs", "until": "cancelled"})
    as_moderator.post("/api/scheduler/stop")

    reply = read(as_moderator)

    assert (reply["conflicts"], reply["gapCount"]) == ([], 15)


@pytest.mark.parametrize("words", [{}, DAY])
def test_says_where_there_are_too_many_to_look_at(
    session: Session,
    songs: Playlist,
    anonymous: Client,
    monkeypatch: pytest.MonkeyPatch,
    words: dict[str, str],
) -> None:
    for title in ("One", "Two", "Three", "Four"):
        plan_entry(session, title, "18:00", "23:00", playlist=songs)

    whole = read(anonymous, **words)
    monkeypatch.setattr("djamms.scheduler.plan.conflicts.MOST_LOSSES", 2)
    part = read(anonymous, **words)

    assert (whole["conflictCount"], whole["isCut"]) == (3, False)
    assert (part["conflictCount"], part["isCut"]) == (2, True)
