"""`GET /api/scheduler/current`: what plays at an instant, and why."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from djamms.models.schedule import ScheduleOverride
from djamms.models.user import User
from djamms.scheduler import venue
from tests.functional.scheduler.conftest import Now
from tests.support.api import Client
from tests.support.factories import make_playlist
from tests.support.venue import at, make_public, plan_entry, set_default, text

CURRENT = "/api/scheduler/current"


def read(client: Client, at: str = "") -> Any:
    reply = client.get(f"{CURRENT}?at={at}" if at else CURRENT)
    assert reply.status == 200, reply.text
    return reply.json()


def test_says_what_plays_now_and_until_when(session: Session, anonymous: Client) -> None:
    lunch = make_public(session, "Lunch")
    entry = plan_entry(session, "Midday", "11:00", "14:00", playlist=lunch)

    reply = read(anonymous)

    assert reply["entry"]["id"] == str(entry.id)
    assert (reply["entry"]["startTime"], reply["entry"]["endTime"]) == ("11:00", "14:00")
    assert reply["playlist"] == {"id": str(lunch.id), "name": "Lunch"}
    assert (reply["source"], reply["rule"], reply["override"]) == ("entry", "only", None)
    assert (reply["at"], reply["losers"]) == (text(at("12:00")), [])
    assert (reply["from"], reply["until"]) == (text(at("11:00")), text(at("14:00")))


def test_names_the_losers_best_first_with_the_rule_that_decided(
    session: Session, anonymous: Client
) -> None:
    songs = make_public(session, "Songs")
    plan_entry(session, "All day", "00:00", "00:00", playlist=songs)
    plan_entry(session, "Important", "10:00", "15:00", playlist=songs, priority=5)
    plan_entry(session, "Party", "11:00", "14:00", playlist=songs, dates=[date(2026, 5, 8)])

    reply = read(anonymous)

    assert (reply["entry"]["title"], reply["rule"]) == ("Party", "oneOff")
    assert [(one["entry"]["title"], one["reason"]) for one in reply["losers"]] == [
        ("Important", "oneOff"),
        ("All day", "oneOff"),
    ]


def test_next_is_the_next_entry_behind_a_gap(session: Session, anonymous: Client) -> None:
    songs = make_public(session, "Songs")
    plan_entry(session, "Midday", "11:00", "13:00", playlist=songs)
    evening = plan_entry(session, "Evening", "20:00", "23:00", playlist=songs)

    coming = read(anonymous)["next"]

    assert (coming["entry"]["id"], coming["from"]) == (str(evening.id), text(at("20:00")))


def test_nothing_is_in_sight_of_an_empty_plan(session: Session, anonymous: Client) -> None:
    reply = read(anonymous)

    assert (reply["source"], reply["rule"]) == ("default", "default")
    assert [reply[word] for word in ("entry", "from", "until", "next")] == [None] * 4


@pytest.mark.parametrize("by_id", [True, False])
def test_the_default_is_said_by_name_or_by_id(
    session: Session, anonymous: Client, *, by_id: bool
) -> None:
    music = make_public(session, "Background")
    set_default(session, str(music.id).upper() if by_id else "Background")

    assert read(anonymous)["playlist"] == {"id": str(music.id), "name": "Background"}


@pytest.mark.parametrize("said", [None, "", "None", "nobody's"])
def test_without_a_default_nothing_plays(
    session: Session, anonymous: Client, said: str | None
) -> None:
    set_default(session, said)

    reply = read(anonymous)

    assert (reply["source"], reply["rule"], reply["playlist"]) == ("nothing", "nothing", None)


def test_the_name_of_a_private_playlist_that_plays_is_no_secret(
    session: Session, user: User, anonymous: Client
) -> None:
    mine = make_playlist(session, user.id, name="Mine")
    set_default(session, mine.id)

    assert read(anonymous)["playlist"] == {"id": str(mine.id), "name": "Mine"}
    assert anonymous.get(f"/api/playlists/{mine.id}").status == 404


def test_the_default_plays_in_place_of_a_deleted_playlist(
    session: Session, anonymous: Client
) -> None:
    gone = make_public(session, "Gone", is_active=False)
    plan_entry(session, "Midday", "11:00", "14:00", playlist=gone)
    default = make_public(session, "Background")
    set_default(session, "Background")

    reply = read(anonymous)

    assert (reply["entry"]["title"], reply["entry"]["playlist"]) == ("Midday", "")
    assert (reply["source"], reply["rule"]) == ("entry", "only")
    assert reply["playlist"]["id"] == str(default.id)


@pytest.mark.parametrize(
    ("said", "plays"),
    [
        # 29 March 2026: from 01:00 to 02:00 UTC clocks in Lisbon leave out 01:00 to 02:00.
        ("2026-03-29T01:29:59Z", False),
        ("2026-03-29T01:30:00Z", True),
        # 25 October: 01:30 is at 00:30 and again at 01:30 UTC; the first counts.
        ("2026-10-25T00:29:59Z", False),
        ("2026-10-25T00:30:00Z", True),
    ],
)
def test_begins_by_the_clocks_of_its_zone_on_days_of_change(
    session: Session, anonymous: Client, said: str, *, plays: bool
) -> None:
    songs = make_public(session, "Songs")
    plan_entry(session, "Night", "01:30", "06:00", playlist=songs, timezone="Europe/Lisbon")

    assert (read(anonymous, said)["entry"] is not None) is plays


@pytest.mark.parametrize(
    "said",
    [
        "2026-05-08T22:00:00%2B02:00",
        "2026-05-08T22:00:00+02:00",
        "2026-05-08T22:00:00 02:00",
        "2026-05-08%2022:00+02",
        "2026-05-08T15:00:00.987-05:00",
        "2026-05-08T20:00Z",
        "2026-05-08t20:00:00z",
    ],
)
def test_an_instant_may_have_any_offset(session: Session, anonymous: Client, said: str) -> None:
    assert read(anonymous, said.replace(" ", "%20"))["at"] == text(at("20:00"))


@pytest.mark.parametrize(
    "said",
    [
        "2026-05-08T20:00:00",
        "2026-05-08",
        "tomorrow",
        "2026-13-01T00:00Z",
        "1969-12-31T23:59:59Z",
        "2101-01-01T00:00:00Z",
        "0001-01-01T00:00:00%2B14:00",
        "9999-12-31T23:59:59-14:00",
        "99999-01-01T00:00:00Z",
        "1778270400",
    ],
)
def test_refuses_what_is_no_instant_of_these_centuries(anonymous: Client, said: str) -> None:
    reply = anonymous.get(f"{CURRENT}?at={said}")

    assert reply.status == 422
    assert reply.json()["details"][0]["field"] == "at"


@pytest.mark.parametrize("said", ["1970-01-01T00:00:00Z", "2100-12-31T23:59:59Z"])
def test_answers_at_both_ends_of_time(session: Session, anonymous: Client, said: str) -> None:
    songs = make_public(session, "Songs")
    plan_entry(session, "Always", "00:00", "00:00", playlist=songs, timezone="Pacific/Kiritimati")

    assert read(anonymous, said)["entry"]["title"] == "Always"


def test_who_polls_gets_304_until_something_changes(
    session: Session, anonymous: Client, now: Now
) -> None:
    songs = make_public(session, "Songs")
    plan_entry(session, "Midday", "11:00", "14:00", playlist=songs)
    etag = anonymous.get(CURRENT).headers["etag"]

    now.become(at("13:59:59"))
    same = anonymous.get(CURRENT, **{"If-None-Match": etag})
    now.become(at("14:00"))
    other = anonymous.get(CURRENT, **{"If-None-Match": etag})

    assert (same.status, same.text, same.headers["etag"]) == (304, "", etag)
    assert (other.status, other.json()["source"]) == (200, "default")


@pytest.mark.parametrize("days", [2, 30, 300])
def test_the_last_change_may_be_an_override_however_long_ago(
    session: Session, anonymous: Client, days: int
) -> None:
    songs = make_public(session, "Songs")
    plan_entry(session, "All day", "00:00", "00:00", playlist=songs)
    ended = at("12:00") - timedelta(days=days)
    for ends_at in (ended, ended - timedelta(days=1)):
        starts_at = ends_at - timedelta(hours=1)
        session.add(
            ScheduleOverride(id=uuid4(), playlist_id=songs.id, starts_at=starts_at, ends_at=ends_at)
        )
    session.flush()

    assert read(anonymous)["from"] == text(ended)


def test_overrides_of_long_ago_are_not_read(
    session: Session, anonymous: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan_entry(session, "Midday", "11:00", "14:00", playlist=make_public(session, "Songs"))
    asked: list[datetime] = []
    load = venue.load

    def note(database: Session, *, since: datetime) -> venue.Venue:
        asked.append(since)
        return load(database, since=since)

    monkeypatch.setattr(venue, "load", note)

    read(anonymous)

    assert asked == [at("12:00", day=1)]
