"""`GET /api/scheduler/timeline`: the resolved plan of a time."""

from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy.orm import Session

from djamms.scheduler import planning
from djamms.scheduler.plan.decisions import Segment
from djamms.scheduler.plan.instants import DAY_SECONDS, Instant
from djamms.scheduler.plan.resolver import Plan
from tests.support.api import Client
from tests.support.venue import at, make_public, plan_entry, text

TIMELINE = "/api/scheduler/timeline"
NOON_TO_NOON = "?from=2026-05-08T12:00:00Z&to=2026-05-09T12:00:00Z"


def read(client: Client, query: str = NOON_TO_NOON) -> Any:
    reply = client.get(TIMELINE + query)
    assert reply.status == 200, reply.text
    return reply.json()


def test_has_no_hole_and_says_who_wins_and_who_loses(session: Session, anonymous: Client) -> None:
    songs = make_public(session, "Songs")
    plan_entry(session, "Evening", "18:00", "02:00", playlist=songs)
    plan_entry(session, "Show", "20:00", "21:30", playlist=songs, priority=1)

    reply = read(anonymous)
    segments = reply["segments"]

    assert [one["entry"] and one["entry"]["title"] for one in segments] == [
        None,
        "Evening",
        "Show",
        "Evening",
        None,
    ]
    assert [one["minutes"] for one in segments] == [360, 120, 90, 270, 600]
    assert [one["rule"] for one in segments] == [
        "default",
        "only",
        "higherPriority",
        "only",
        "default",
    ]
    [loser] = segments[2]["losers"]
    assert (loser["entry"]["title"], loser["reason"]) == ("Evening", "higherPriority")
    assert (loser["from"], loser["until"]) == (text(at("20:00")), text(at("21:30")))
    assert all(one["until"] == two["from"] for one, two in pairwise(segments))
    assert (segments[0]["from"], segments[-1]["until"]) == (reply["from"], reply["to"])
    assert reply["next"] is None


def test_is_of_the_next_seven_days_unless_said_otherwise(anonymous: Client) -> None:
    reply = read(anonymous, "")

    assert (reply["from"], reply["to"]) == (text(at("12:00")), text(at("12:00", day=15)))


def test_a_night_of_change_is_an_hour_shorter(session: Session, anonymous: Client) -> None:
    songs = make_public(session, "Songs")
    plan_entry(session, "Night", "22:00", "06:00", playlist=songs, timezone="Europe/Lisbon")

    segments = read(anonymous, "?from=2026-03-27T12:00:00Z&to=2026-03-30T12:00:00Z")["segments"]

    assert [one["minutes"] for one in segments if one["entry"]] == [480, 420, 480]


def test_goes_on_where_a_reply_was_cut(
    session: Session, anonymous: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "MOST_SEGMENTS", 2)
    plan_entry(session, "Evening", "18:00", "20:00", playlist=make_public(session, "Songs"))

    first = read(anonymous)
    second = read(anonymous, f"?from={first['next']}&to={first['to']}")

    assert [len(first["segments"]), len(second["segments"])] == [2, 1]
    assert first["segments"][-1]["until"] == first["next"] == second["segments"][0]["from"]
    assert second["next"] is None


def test_looks_little_further_than_its_reply_goes(
    session: Session, anonymous: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan_entry(session, "Evening", "18:00", "20:00", playlist=make_public(session, "Songs"))
    month = "&to=2026-06-08T12:00:00Z"
    whole = read(anonymous, "?from=2026-05-08T12:00:00Z" + month)["segments"]
    monkeypatch.setattr(planning, "MOST_SEGMENTS", 5)
    looks: list[int] = []
    resolved = Plan.timeline

    def look(plan: Plan, from_: Instant, until: Instant) -> list[Segment]:
        looks.append(until - from_)
        return resolved(plan, from_, until)

    monkeypatch.setattr(Plan, "timeline", look)
    first = read(anonymous, "?from=2026-05-08T12:00:00Z" + month)

    assert first["segments"] == whole[:5]
    assert max(looks) <= 8 * DAY_SECONDS

    second = read(anonymous, f"?from={first['next']}{month}")
    assert second["segments"] == whole[5:10]


def test_shows_so_many_losers_and_counts_all(
    session: Session, anonymous: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "SHOWN_LOSERS", 2)
    monkeypatch.setattr(planning, "MOST_LOSERS", 3)
    songs = make_public(session, "Songs")
    for title in "ABCD":
        plan_entry(session, title, "18:00", "20:00", playlist=songs)

    first = read(anonymous, "?from=2026-05-08T18:00:00Z&to=2026-05-10T18:00:00Z")

    assert [len(one["losers"]) for one in first["segments"]] == [2, 0]
    assert [one["loserCount"] for one in first["segments"]] == [3, 0]
    assert first["next"] == text(at("18:00", day=9))


@pytest.mark.parametrize(
    "query",
    [
        "?from=2026-05-08T12:00:00Z&to=2026-05-08T12:00:00Z",
        "?to=2026-05-08T11:59:59Z",
        "?from=2026-05-08T12:00:00Z&to=2027-05-09T12:00:01Z",
        "?from=2026-05-08",
        "?from=0001-01-01T00:00:00Z",
        "?to=9999-12-31T23:59:59Z",
        "?form=2026-05-08T12:00:00Z",
    ],
)
def test_refuses_what_is_no_time(anonymous: Client, query: str) -> None:
    assert anonymous.get(TIMELINE + query).status == 422


def test_is_of_a_year_at_most(anonymous: Client) -> None:
    query = "?from=2026-05-08T12:00:00Z&to=2027-05-09T12:00:00Z"

    assert len(read(anonymous, query)["segments"]) == 1
